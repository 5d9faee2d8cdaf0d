import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { PhoneError, type PhoneErrorCode } from "../core/errors.ts";
import type { SignInProof } from "../protocol/gateway-agents.ts";
import { Button } from "./Button.tsx";
import { Field } from "./Field.tsx";
import { useScreen } from "./screen-state.ts";
import { Brand } from "./Brand.tsx";
import { ERRORS, GATEWAY_SIGN_IN } from "./strings.ts";

function useProof() {
  const { phone, hints } = useScreen();
  const failed = useSignal<PhoneErrorCode | null>(null);
  const isSending = useSignal(false);
  const send = async (proof: SignInProof): Promise<void> => {
    failed.value = null;
    isSending.value = true;
    try {
      await phone.signInWith(proof);
    } catch (error) {
      failed.value = error instanceof PhoneError ? error.code : "internal";
    } finally {
      isSending.value = false;
    }
  };
  useEffect(() => {
    const proof = hints.takeProof?.() ?? null;
    if (proof !== null) void send(proof);
  }, []);
  return { send, failed, isSending };
}

/** For a deployment whose gateway knows the agents: a name and a password, or a link that has brought the proof along. */
export function GatewaySignIn() {
  const { phone, hints } = useScreen();
  const { send, failed, isSending } = useProof();
  const user = useSignal(hints.sipId ?? "");
  const password = useSignal("");
  const isTried = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const isBusy = isSending.value || phone.signingIn.value;
  const submit = (event: Event): void => {
    event.preventDefault();
    isTried.value = true;
    const empty = user.value.trim() === "" ? "user" : password.value === "" ? "password" : null;
    if (empty !== null) return form.current?.querySelector<HTMLElement>(`[name="${empty}"]`)?.focus();
    if (!isBusy) void send({ user: user.value.trim(), password: password.value });
  };
  const missing = (value: string, words: string): string | null => (isTried.value && value.trim() === "" ? words : null);
  return (
    <form class="view sign-in" ref={form} onSubmit={submit} noValidate>
      <div class="view-scroll">
        <Brand />
        {!isBusy && <Problem failed={failed.value} />}
        <Field
          name="user"
          label={GATEWAY_SIGN_IN.user}
          value={user.value}
          error={missing(user.value, GATEWAY_SIGN_IN.userMissing)}
          autocomplete="username"
          onChange={(value) => (user.value = value)}
        />
        <Field
          name="password"
          type="password"
          label={GATEWAY_SIGN_IN.password}
          value={password.value}
          error={missing(password.value, GATEWAY_SIGN_IN.passwordMissing)}
          autocomplete="current-password"
          onChange={(value) => (password.value = value)}
        />
        <p class="muted small">{GATEWAY_SIGN_IN.other}</p>
      </div>
      <div class="actions">
        <Button kind="primary" type="submit" aria-disabled={isBusy}>
          {isBusy ? "Signing in…" : "Sign in"}
        </Button>
      </div>
    </form>
  );
}

function Problem({ failed }: { readonly failed: PhoneErrorCode | null }) {
  const line = useScreen().phone.line.value;
  const code = failed ?? (line.state === "refused" || line.state === "signed-out" ? line.reason : null);
  if (code === null) return null;
  return (
    <div class="form-error" role="alert">
      <p>{code === "credentials-refused" ? GATEWAY_SIGN_IN.lineRefused : ERRORS[code]}</p>
    </div>
  );
}
