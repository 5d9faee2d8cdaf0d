import { expect, test } from "vitest";
import { createChosenDevice } from "./chosen-device.ts";

const setUp = (present: Record<string, string>) => {
  const used: (string | null)[] = [];
  let refuses = false;
  const device = createChosenDevice(
    async (id) => present[id] ?? null,
    async (deviceId) => {
      if (refuses) throw new DOMException("", "NotFoundError");
      used.push(deviceId);
    },
  );
  return { device, used, present, refuse: (yes: boolean) => (refuses = yes) };
};

test("[A17] a choice is used once, however often the list changes", async () => {
  const { device, used } = setUp({ Headset: "id-1" });
  await device.choose("Headset");
  await device.refresh();
  await device.refresh();
  expect(used).toEqual(["id-1"]);
});

test("[A17] a device that goes is replaced by the default, and used again when it comes back", async () => {
  const { device, used, present } = setUp({ Headset: "id-1" });
  await device.choose("Headset");
  delete present["Headset"];
  await device.refresh();
  present["Headset"] = "id-2";
  await device.refresh();
  expect(used).toEqual(["id-1", null, "id-2"]);
});

test("[A17] a choice from an earlier page waits until its name is known", async () => {
  const { device, used, present } = setUp({});
  await device.choose("Headset");
  expect(used).toEqual([]);
  present["Headset"] = "id-9";
  await device.refresh();
  expect(used).toEqual(["id-9"]);
});

test("[A17] a device that the browser refuses is said so, and tried again with the next change", async () => {
  const { device, used, refuse } = setUp({ Headset: "id-1" });
  refuse(true);
  await expect(device.choose("Headset")).rejects.toMatchObject({ name: "NotFoundError" });
  refuse(false);
  await device.refresh();
  expect(used).toEqual(["id-1"]);
});

test("[A17] the default follows what is plugged in and out, though nobody chose it", async () => {
  const used: (string | null)[] = [];
  let plugged: string | null = "Headset";
  const device = createChosenDevice(
    async () => null,
    async (deviceId) => {
      if (plugged === null) throw new DOMException("", "NotFoundError");
      used.push(deviceId);
    },
    async () => plugged,
  );
  await device.refresh();
  await device.refresh();
  expect(used).toEqual([null]);
  plugged = "Laptop";
  await device.refresh();
  expect(used).toEqual([null, null]);
  plugged = null;
  await expect(device.refresh()).rejects.toMatchObject({ name: "NotFoundError" });
  plugged = "Laptop";
  await device.refresh();
  expect(used).toEqual([null, null, null]);
});
