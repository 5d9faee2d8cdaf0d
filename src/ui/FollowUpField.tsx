import type { FollowUp } from "../protocol/call.ts";
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { followUpOn, localDateTime, tomorrowAtTen } from "./follow-up-time.ts";
import { useScreen } from "./screen-state.ts";

const CHOICES = [
  ["none", "None"],
  ["tomorrow", "Tomorrow"],
  ["date", "Date"],
] as const;
type FollowUpChoice = (typeof CHOICES)[number][0];

/** None, tomorrow at ten, or a day and time of the agent's choice, and what is to be done. */
export function FollowUpField({ followUp }: { readonly followUp: FollowUp | null }) {
  const { phone } = useScreen();
  const name = useId();
  const chosen = useSignal<FollowUpChoice>(followUp === null ? "none" : followUp.dueAt === tomorrowAtTen(Date.now()) ? "tomorrow" : "date");
  const write = (dueAt: number | null) => phone.write({ followUp: dueAt === null ? null : { dueAt, text: followUp?.text ?? "Call back" } });
  const choose = (choice: FollowUpChoice) => {
    chosen.value = choice;
    write(choice === "none" ? null : ((choice === "date" ? followUp?.dueAt : null) ?? tomorrowAtTen(Date.now())));
  };
  const shown = followUp === null ? "none" : chosen.value === "none" ? "date" : chosen.value;
  return (
    <fieldset class="field">
      <legend class="label">Follow-up</legend>
      <div class="pills">
        {CHOICES.map(([choice, label]) => (
          <label key={choice} class="pill">
            <input type="radio" name={name} checked={shown === choice} onChange={() => choose(choice)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
      {followUp && (
        <div class="follow-up">
          {shown === "date" && (
            <input
              class="box"
              type="datetime-local"
              aria-label="When"
              value={localDateTime(followUp.dueAt)}
              min={localDateTime(Date.now())}
              onChange={(event) => {
                const dueAt = followUpOn(event.currentTarget.value);
                if (dueAt !== null) write(dueAt);
              }}
            />
          )}
          <input
            class="box grow"
            aria-label="What to do"
            maxLength={200}
            value={followUp.text}
            onInput={(event) => phone.write({ followUp: { ...followUp, text: event.currentTarget.value } })}
          />
        </div>
      )}
    </fieldset>
  );
}
