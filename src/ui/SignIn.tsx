import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Brand } from "./Brand.tsx";
import { Button, IconButton } from "./Button.tsx";
import { Field } from "./Field.tsx";
import { Fix } from "./Fix.tsx";
import { GatewaySignIn } from "./GatewaySignIn.tsx";
import { useScreen } from "./screen-state.ts";
import type { SignInFields } from "./sign-in-fields.ts";
import { ERRORS, MISSING, NOT_MERGED } from "./strings.ts";
import { type SignInForm, useSignInForm } from "./use-sign-in-form.ts";

/** Who the agent is, to the gateway where it knows them, else to the telephone network itself. */
export function SignIn() {
  return useScreen().phone.config.gateway?.signIn === true ? <GatewaySignIn /> : <SipSignIn />;
}

/** The four things an agent is given by the administrator, in any spelling. */
function SipSignIn() {
  const { phone, hints } = useScreen();
  const form = useSignInForm(phone, hints.sipId ?? "");
  const element = useRef<HTMLFormElement>(null);
  const isBusy = form.isSending.value || phone.signingIn.value;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    const empty = await form.submit();
    if (empty) element.current?.querySelector<HTMLElement>(`[name="${empty}"]`)?.focus();
  };
  return (
    <form class="view sign-in" ref={element} onSubmit={(event) => void submit(event)} noValidate>
      <div class="view-scroll">
        <Brand />
        {!isBusy && <Problem form={form} />}
        {hints.notMerged && hints.notMerged.length > 0 && <p class="muted small">{NOT_MERGED(hints.notMerged)}</p>}
        <SignInInput form={form} name="sipId" label="SIP ID" placeholder="asha1" autocomplete="username" />
        <PasswordInput form={form} />
        {phone.config.sip.presets.length > 0 && <Region form={form} />}
        <SignInInput
          form={form}
          name="domain"
          label="VoIP domain"
          placeholder={form.preset.value?.domain.replace("{account}", "account") ?? "acme1.voip.exotel.com"}
        />
        <SignInInput form={form} name="proxy" label="VoIP proxy" placeholder="voip.in1.exotel.com:443" />
        {phone.config.staySignedIn && (
          <label class="check">
            <input type="checkbox" checked={form.stay.value} onChange={(event) => (form.stay.value = event.currentTarget.checked)} />
            <span>Stay signed in on this computer</span>
          </label>
        )}
      </div>
      <div class="actions">
        <Button kind="primary" type="submit" aria-disabled={isBusy}>
          {isBusy ? "Signing in…" : "Sign in"}
        </Button>
      </div>
    </form>
  );
}

interface SignInInputProps {
  readonly form: SignInForm;
  readonly name: keyof SignInFields;
  readonly label: string;
  readonly placeholder?: string;
  readonly autocomplete?: string;
}

function SignInInput({ form, name, ...field }: SignInInputProps) {
  return (
    <Field
      {...field}
      name={name}
      value={form.fields.value[name]}
      error={form.missing.value.includes(name) ? MISSING[name] : null}
      onChange={(value) => form.set(name, value)}
      onLeave={form.complete}
    />
  );
}

function PasswordInput({ form }: { readonly form: SignInForm }) {
  const isShown = useSignal(false);
  return (
    <Field
      label="SIP password"
      name="password"
      type={isShown.value ? "text" : "password"}
      value={form.fields.value.password}
      error={form.missing.value.includes("password") ? MISSING.password : null}
      autocomplete="current-password"
      onChange={(value) => form.set("password", value)}
      after={
        <IconButton
          name={isShown.value ? "Hide what is typed" : "Show what is typed"}
          icon={isShown.value ? "eye-off" : "eye"}
          onClick={() => (isShown.value = !isShown.value)}
        />
      }
    />
  );
}

function Problem({ form }: { readonly form: SignInForm }) {
  const line = useScreen().phone.line.value;
  const code = form.failed.value ?? (line.state === "refused" || line.state === "signed-out" ? line.reason : null);
  if (!code) return null;
  return (
    <div class="form-error" role="alert">
      <p>{ERRORS[code]}</p>
      <Fix code={code} />
    </div>
  );
}

function Region({ form }: { readonly form: SignInForm }) {
  const { presets } = useScreen().phone.config.sip;
  return (
    <label class="field">
      <span class="label">Region</span>
      <select value={form.preset.value?.id ?? ""} onChange={(event) => form.choose(event.currentTarget.value)}>
        {presets.map((each) => (
          <option key={each.id} value={each.id}>
            {each.label}
          </option>
        ))}
        <option value="">Other</option>
      </select>
    </label>
  );
}
