import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { PhoneError, type PhoneErrorCode } from "../core/errors.ts";
import type { Recording } from "../core/ports.ts";
import type { Archive } from "../core/view.ts";
import { Button } from "./Button.tsx";
import { ERRORS, RECORDING } from "./strings.ts";

type Player = { readonly kind: "idle" | "asking" | "broken" } | { readonly kind: "failed"; readonly code: PhoneErrorCode } | Recording;

/** The recording of one call, asked for when somebody wants to hear it: every play is written down by the gateway. */
export function RecordingPlayer({ archive, callId }: { readonly archive: Archive; readonly callId: string }) {
  const { player, ask } = useRecording(archive, callId);
  if (player.kind === "here") {
    return <audio class="recording" aria-label={RECORDING.title} src={player.url} controls autoplay onError={() => ask("broken")} />;
  }
  const words = wordsOf(player);
  return (
    <div class="recording">
      {player.kind !== "none" && player.kind !== "later" && player.kind !== "asking" && (
        <Button onClick={() => ask("asking")}>{RECORDING.play}</Button>
      )}
      {words !== null && <p role="status">{words}</p>}
    </div>
  );
}

function useRecording(archive: Archive, callId: string) {
  const player = useSignal<Player>({ kind: "idle" });
  const { kind } = player.value;
  useEffect(() => {
    let isLeft = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const found = (next: Player): void => {
      if (!isLeft) player.value = next;
      else if (next.kind === "here") letGo(next.url);
    };
    const look = (): void =>
      void archive
        .recording(callId)
        .then(found, (error: unknown) => found({ kind: "failed", code: error instanceof PhoneError ? error.code : "internal" }));
    if (player.value.kind === "asking") look();
    if (player.value.kind === "later") timer = setTimeout(() => (player.value = { kind: "asking" }), player.value.seconds * 1_000);
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [kind, callId]);
  useEffect(
    () => () => {
      if (player.value.kind === "here") letGo(player.value.url);
    },
    [callId],
  );
  return { player: player.value, ask: (next: "asking" | "broken") => void (player.value = { kind: next }) };
}

function letGo(url: string): void {
  if (url.startsWith("blob:")) URL.revokeObjectURL(url);
}

function wordsOf(player: Exclude<Player, { kind: "here" }>): string | null {
  switch (player.kind) {
    case "idle":
      return null;
    case "failed":
      return ERRORS[player.code];
    default:
      return RECORDING[player.kind];
  }
}
