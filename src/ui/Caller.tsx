import type { CallView } from "../core/view.ts";
import { IconButton } from "./Button.tsx";
import { copy } from "./copy.ts";
import { shownNumber } from "./format-number.ts";
import { useScreen } from "./screen-state.ts";
import { useSignal } from "@preact/signals";

/** Who it is, in words: the record of the CRM, else the name that was signalled, else the number. */
export function callerName(call: Pick<CallView, "record" | "remoteName">, number: string): string {
  return call.record?.name.trim() || call.remoteName?.trim() || number;
}

/** Name, number and what the CRM knows, at the top of a call. */
export function Caller({ call }: { readonly call: CallView }) {
  const { phone, attempt } = useScreen();
  const number = shownNumber(phone, call.remoteNumber);
  const name = callerName(call, number);
  const isNamed = name !== number;
  const { record } = call;
  return (
    <div class="caller">
      {isNamed && <h1 class="caller-name">{name}</h1>}
      <div class={isNamed ? "caller-number" : "caller-number caller-unnamed"}>
        {isNamed ? <span class="number">{number}</span> : <h1 class="caller-name number">{number}</h1>}
        {!phone.config.numbers.masked && call.remoteNumber !== "" && <CopyNumber number={call.remoteNumber} />}
      </div>
      {record && (
        <p class="caller-record">
          <span class="clip">{[record.type, record.detail].filter(Boolean).join(" · ")}</span>
          <IconButton name={`Open ${record.type} in the CRM`} icon="external-link" onClick={() => void attempt(phone.openRecord())} />
        </p>
      )}
    </div>
  );
}

export function CopyNumber({ number }: { readonly number: string }) {
  const { attempt } = useScreen();
  const isCopied = useSignal(false);
  return (
    <IconButton
      name={isCopied.value ? "Copied" : "Copy number"}
      icon={isCopied.value ? "check" : "copy"}
      onClick={() => void attempt(copy(number)).then((worked) => (isCopied.value = worked))}
    />
  );
}
