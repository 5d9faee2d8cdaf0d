import { type Signal, useSignal } from "@preact/signals";
import { PhoneError, type PhoneErrorCode } from "../core/errors.ts";
import type { Phone } from "../core/view.ts";
import type { SipPreset } from "../protocol/config.ts";
import { completeSignIn, emptySignInFields, presetFields, type SignInFields } from "./sign-in-fields.ts";

const NAMES: readonly (keyof SignInFields)[] = ["sipId", "password", "domain", "proxy"];

export interface SignInForm {
  readonly fields: Signal<SignInFields>;
  readonly preset: Signal<SipPreset | null>;
  readonly stay: Signal<boolean>;
  /** Fields that were empty at the last try. */
  readonly missing: Signal<readonly (keyof SignInFields)[]>;
  readonly isSending: Signal<boolean>;
  readonly failed: Signal<PhoneErrorCode | null>;
  set(name: keyof SignInFields, value: string): void;
  choose(presetId: string): void;
  /** Takes apart what was pasted and spells out what was short. */
  complete(): void;
  /** Resolves to the first field that is still empty, `null` once it was sent. */
  submit(): Promise<keyof SignInFields | null>;
}

export function useSignInForm(phone: Phone, suggestedSipId: string): SignInForm {
  const { presets } = phone.config.sip;
  const preset = useSignal<SipPreset | null>(presets[0] ?? null);
  const fields = useSignal<SignInFields>({
    ...emptySignInFields,
    ...(presets[0] ? presetFields(presets[0]) : {}),
    sipId: suggestedSipId,
  });
  const stay = useSignal(phone.config.staySignedIn);
  const missing = useSignal<readonly (keyof SignInFields)[]>([]);
  const isSending = useSignal(false);
  const failed = useSignal<PhoneErrorCode | null>(null);
  const complete = () => {
    fields.value = completeSignIn(fields.peek(), preset.peek());
  };
  return {
    fields,
    preset,
    stay,
    missing,
    isSending,
    failed,
    set(name, value) {
      fields.value = { ...fields.peek(), [name]: value };
      missing.value = missing.peek().filter((each) => each !== name);
    },
    choose(presetId) {
      preset.value = presets.find((each) => each.id === presetId) ?? null;
      if (preset.value) fields.value = { ...fields.peek(), ...presetFields(preset.value) };
    },
    complete,
    async submit() {
      complete();
      const account = fields.peek();
      missing.value = NAMES.filter((name) => account[name] === "");
      const [first] = missing.value;
      if (first) return first;
      failed.value = null;
      isSending.value = true;
      try {
        await phone.signIn(account, phone.config.staySignedIn && stay.peek());
      } catch (error) {
        failed.value = error instanceof PhoneError ? error.code : "internal";
      } finally {
        isSending.value = false;
      }
      return null;
    },
  };
}
