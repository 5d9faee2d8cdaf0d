import type { SipPreset } from "../protocol/config.ts";

export interface SignInFields {
  readonly sipId: string;
  readonly password: string;
  readonly domain: string;
  readonly proxy: string;
}

export const emptySignInFields: SignInFields = { sipId: "", password: "", domain: "", proxy: "" };

const ACCOUNT = "{account}";

/** What choosing a region fills in; the domain only where it is the same for every account. */
export function presetFields(preset: SipPreset): Pick<SignInFields, "proxy"> & Partial<Pick<SignInFields, "domain">> {
  return { proxy: preset.proxy, ...(preset.domain.includes(ACCOUNT) ? {} : { domain: preset.domain }) };
}

/** An account name alone becomes the whole domain of the chosen region. */
export function expandDomain(text: string, preset: SipPreset | null): string {
  const domain = text.trim();
  if (domain === "" || /[.:]/.test(domain) || !preset?.domain.includes(ACCOUNT)) return domain;
  return preset.domain.replace(ACCOUNT, () => domain);
}

/** Takes apart what was pasted: `sip:asha1@acme1.voip.exotel.com` carries the domain as well. The password is left as it is. */
export function completeSignIn(fields: SignInFields, preset: SipPreset | null): SignInFields {
  const pasted = fields.sipId
    .trim()
    .replace(/^<?sips?:/i, "")
    .replace(/[>;?].*$/, "");
  const [sipId = "", pastedDomain = ""] = pasted.split("@", 2);
  const domain = fields.domain.trim() === "" ? pastedDomain : fields.domain;
  return {
    sipId,
    password: fields.password,
    domain: expandDomain(domain.replace(/^sips?:/i, ""), preset),
    proxy: fields.proxy
      .trim()
      .replace(/^(wss?|https?):\/\//i, "")
      .replace(/\/.*$/, ""),
  };
}
