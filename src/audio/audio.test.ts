import { describe, expect, test } from "vitest";
import { createAudio } from "./audio.ts";
import { FakeAudioWorld } from "./fake-audio.ts";

const setUp = () => {
  const world = new FakeAudioWorld();
  const audio = createAudio(world);
  return { world, audio, rings: () => [...(world.speaker?.playing ?? [])].filter((sound) => sound.loop).length };
};

describe("ringing", () => {
  test("[A1] rings once, in a loop, until it is stopped", () => {
    const { world, audio, rings } = setUp();
    world.click();
    audio.startRinging("ring");
    audio.startRinging("ring");
    expect(rings()).toBe(1);
    audio.stopRinging();
    audio.stopRinging();
    expect(rings()).toBe(0);
  });

  test("[A1] every ring plays the same samples: none are made while a call comes in", () => {
    const { world, audio } = setUp();
    world.click();
    audio.startRinging("ring");
    audio.stopRinging();
    audio.startRinging("ring");
    const [first, second] = world.speaker?.played ?? [];
    expect(second?.samples).toBe(first?.samples);
  });

  test("[A2] canRing tells the truth before and after the first click", () => {
    const { world, audio } = setUp();
    const told: boolean[] = [];
    audio.onCanRing((can) => told.push(can));
    expect(audio.canRing()).toBe(false);
    world.click();
    expect(audio.canRing()).toBe(true);
    world.speaker?.setRunning(false);
    expect(audio.canRing()).toBe(false);
    expect(told).toEqual([true, false]);
  });

  test("[A2] asking without a click ends in a plain no", async () => {
    const { world, audio } = setUp();
    const asked = audio.enableRinging();
    world.timeOut?.();
    expect(await asked).toBe(false);
  });

  test("[A3] a ring that was not allowed to sound begins with the click, if the call still rings", () => {
    const { world, audio, rings } = setUp();
    audio.startRinging("ring");
    expect(rings()).toBe(0);
    world.click();
    expect(rings()).toBe(1);
  });

  test("[A3] a click after the call has stopped ringing rings nothing", () => {
    const { world, audio, rings } = setUp();
    audio.startRinging("ring");
    audio.stopRinging();
    world.click();
    expect(rings()).toBe(0);
  });

  test("[A4] the microphone check opens the way for sounds without a click", async () => {
    const { world, audio } = setUp();
    await audio.checkMicrophone(true);
    expect(audio.canRing()).toBe(true);
    expect(world.microphonesOpen).toBe(0);
  });

  test("[A5] the volume holds for a ring under way and for the next, within its limits", () => {
    const { world, audio } = setUp();
    world.click();
    audio.setRingVolume(0.3);
    audio.startRinging("ring");
    audio.setRingVolume(7);
    expect(world.speaker?.played.at(-1)?.volume).toBe(1);
    audio.stopRinging();
    audio.setRingVolume(-1);
    audio.startRinging("ring");
    expect(world.speaker?.played.at(-1)?.volume).toBe(0);
  });

  test("[A6] a device chosen before the first click is used from then on", async () => {
    const { world, audio } = setUp();
    world.found = [{ kind: "audiooutput", deviceId: "id-of-today", label: "Desk speaker" }];
    await audio.setRingOutput("Desk speaker");
    world.click();
    expect(world.speaker?.output).toBe("id-of-today");
  });

  test("[A6] a device that cannot be used is said so", async () => {
    const { world, audio } = setUp();
    world.found = [{ kind: "audiooutput", deviceId: "id-1", label: "Desk speaker" }];
    world.click();
    world.speaker?.refuses.add("id-1");
    await expect(audio.setRingOutput("Desk speaker")).rejects.toMatchObject({ code: "not-supported" });
    await audio.setRingOutput(null);
    expect(world.speaker?.output).toBe(null);
  });

  test("[A7] a browser without Web Audio rings nothing and breaks nothing", async () => {
    const { world, audio } = setUp();
    world.hasSpeaker = false;
    world.click();
    audio.startRinging("ring");
    audio.playDigit("5");
    audio.stopRinging();
    expect(await audio.enableRinging()).toBe(false);
  });

  test("[A8] after dispose nothing sounds and nobody listens", () => {
    const { world, audio, rings } = setUp();
    world.click();
    audio.startRinging("ring");
    audio.dispose();
    expect(rings()).toBe(0);
    expect(world.speaker?.closed).toBe(true);
    expect(world.gestures.size).toBe(0);
  });
});

describe("key tones", () => {
  test("[A9] a key sounds once, a letter not at all", () => {
    const { world, audio } = setUp();
    world.click();
    audio.playDigit("5");
    audio.playDigit("x");
    expect(world.speaker?.played.map((sound) => sound.loop)).toEqual([false]);
  });

  test("[A9] before the first click a key is silent", () => {
    const { world, audio } = setUp();
    audio.playDigit("5");
    expect(world.speaker).toBe(null);
  });
});

describe("the microphone", () => {
  const check = async (change: Partial<FakeAudioWorld>, ask = true) => {
    const { world, audio } = setUp();
    Object.assign(world, change);
    return { state: await audio.checkMicrophone(ask), prompts: world.prompts };
  };

  test("[A10] not delegated by the page around us comes before everything else", async () => {
    expect(await check({ delegated: false, permission: "denied", found: [] })).toEqual({ state: "microphone-not-delegated", prompts: 0 });
  });
  test("[A10] refused by the agent comes before a missing device", async () => {
    expect(await check({ permission: "denied", found: [] })).toEqual({ state: "microphone-refused", prompts: 0 });
  });
  test("[A10] a missing device is found without a prompt", async () => {
    expect(await check({ permission: "prompt", found: [] })).toEqual({ state: "microphone-missing", prompts: 0 });
  });
  test.each([
    ["NotAllowedError", "microphone-refused"],
    ["NotFoundError", "microphone-missing"],
    ["NotReadableError", "microphone-busy"],
    ["AbortError", "microphone-busy"],
    ["TypeError", "unknown"],
  ])("[A11] %s on opening means %s", async (microphoneError, state) => {
    expect((await check({ permission: "prompt", microphoneError })).state).toBe(state);
  });
  test("[A12] without asking nothing is opened: usable where granted, else unknown", async () => {
    expect(await check({ permission: "granted" }, false)).toEqual({ state: "usable", prompts: 0 });
    expect(await check({ permission: "prompt" }, false)).toEqual({ state: "unknown", prompts: 0 });
    expect(await check({ permission: null, delegated: null }, false)).toEqual({ state: "unknown", prompts: 0 });
  });
  test("[A12] an insecure page knows nothing about microphones", async () => {
    expect((await check({ mediaDevices: null })).state).toBe("unknown");
  });
});

describe("devices", () => {
  test("[A13] blank entries from before the permission are no devices", async () => {
    const { world, audio } = setUp();
    world.found = [
      { kind: "audioinput", deviceId: "", label: "" },
      { kind: "audioinput", deviceId: "a", label: "Headset" },
      { kind: "audiooutput", deviceId: "b", label: "Speaker" },
      { kind: "videoinput", deviceId: "c", label: "Camera" },
    ];
    const known = await audio.devices();
    expect(known.inputs).toEqual([{ id: "Headset", label: "Headset" }]);
    expect(known.outputs).toEqual([{ id: "Speaker", label: "Speaker" }]);
    expect(known.deviceIdOf("input", "Headset")).toBe("a");
    expect(known.deviceIdOf("output", "Headset")).toBe(null);
  });

  test("[A13] two devices of one name are two devices", async () => {
    const { world, audio } = setUp();
    world.found = ["a", "b", "c"].map((deviceId) => ({ kind: "audioinput", deviceId, label: "Headset" }));
    const known = await audio.devices();
    expect(known.inputs.map(({ id }) => [id, known.deviceIdOf("input", id)])).toEqual([
      ["Headset", "a"],
      ["Headset (2)", "b"],
      ["Headset (3)", "c"],
    ]);
  });

  test("[A14] a plugged device and a granted permission both change the list; the undo ends both", () => {
    const { world, audio } = setUp();
    let changes = 0;
    const undo = audio.onDevicesChanged(() => (changes += 1));
    for (const listener of [...world.changes, ...world.permissionChanges]) listener();
    undo();
    for (const listener of [...world.changes, ...world.permissionChanges]) listener();
    expect(changes).toBe(2);
  });
});
