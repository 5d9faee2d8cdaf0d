import * as v from "valibot";

/**
 * `config.json`: what one deployment decides. Public, served as a static file; never a secret in it.
 * Every setting is documented in `docs/settings.md`; a test compares the two.
 */
const text = (max: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max));
const id = v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, "letters, digits, - and _; at most 40"));
const origin = v.pipe(v.string(), v.regex(/^https?:\/\/(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?$/, "an origin such as https://crm.example.com"));
/** `host`, `host:port`, with an optional `*.` in front; no scheme, no path. */
const hostAndPort = v.pipe(
  v.string(),
  v.regex(/^(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?$/, "a host with an optional port, such as voip.exotel.com:443"),
);
/** Its host goes into the content security policy, where `;`, `,` or `*` would say something else. */
const webUrl = v.pipe(
  v.string(),
  v.maxLength(2_000),
  v.regex(/^(https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?([/?#]\S*)?|\/([^\s/\\]\S*)?)$/, "an http(s) URL or a path on this origin"),
);
/** Addresses are made by adding to it; `https`, because it can end a call. */
const gatewayUrl = v.pipe(
  v.string(),
  v.maxLength(500),
  v.regex(
    /^(https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[^\s?#]*)?|\/([^\s/\\?#][^\s?#]*)?)$/,
    "an https URL or a path on this origin, without ? and #",
  ),
);
/** For what is secret in the answer: a path, or `https`. */
const secureUrl = v.pipe(webUrl, v.regex(/^(https:|\/)/, "an https URL or a path on this origin"));
const seconds = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max));

export const sipPresetSchema = v.strictObject({
  id,
  label: text(60),
  /** SIP domain; `{account}` stands for what the agent types. */
  domain: text(200),
  /** VoIP proxy `host:port`: where the WebSocket goes. */
  proxy: hostAndPort,
});

const sip = v.strictObject({
  engine: v.optional(v.picklist(["exotel", "sipjs"]), "exotel"),
  /** `wss` everywhere but on a developer's own machine. */
  security: v.optional(v.picklist(["wss", "ws"]), "wss"),
  /** Path of the WebSocket on the proxy. */
  endpoint: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9/_-]{0,80}$/)), "wss"),
  presets: v.optional(v.pipe(v.array(sipPresetSchema), v.maxLength(20)), []),
  /** Further proxies an agent may type in; the content security policy allows presets and these, nothing else. */
  allowedProxies: v.optional(v.pipe(v.array(hostAndPort), v.maxLength(50)), []),
  iceServers: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          urls: v.union([text(300), v.array(text(300))]),
          username: v.optional(text(200)),
          credential: v.optional(text(300)),
        }),
      ),
      v.maxLength(10),
    ),
    [],
  ),
  /** Where ICE servers with credentials that expire come from. Engine `sipjs` alone. */
  iceServersUrl: v.optional(secureUrl),
  iceGatheringMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5_000)), 500),
  /** Order in which codecs are offered and accepted; what is not named follows. Engine `sipjs` alone, as the next two. */
  codecs: v.optional(v.pipe(v.array(v.picklist(["opus", "PCMA", "PCMU", "G722"])), v.maxLength(4)), []),
  /** How digits travel: SIP INFO or RFC 4733. */
  dtmf: v.optional(v.picklist(["info", "rtp"]), "info"),
  /** Whether the SIP service takes an INVITE to any number from an agent. */
  dialDirect: v.optional(v.boolean(), false),
});

export const dispositionFieldSchema = v.strictObject({
  id,
  label: text(60),
  /** `choice`: pills, one of few. `list`: a drop-down, one of many. `text`: one line. `date`: a day (yyyy-mm-dd). */
  kind: v.picklist(["choice", "list", "text", "date"]),
  options: v.optional(v.pipe(v.array(v.strictObject({ value: text(80), label: text(80) })), v.maxLength(200)), []),
  required: v.optional(v.boolean(), false),
});

const wrapUp = v.strictObject({
  /** Time to write after a call, in seconds; 0 = as long as the agent likes. */
  seconds: v.optional(seconds(3_600), 60),
  fields: v.optional(v.pipe(v.array(dispositionFieldSchema), v.maxLength(20)), []),
  followUp: v.optional(v.boolean(), true),
  /** Wrap-up also after calls that were never answered. */
  forUnanswered: v.optional(v.boolean(), false),
});

const dialing = v.strictObject({
  /**
   * `host`: the CRM page is asked and asks its own server. `url`: this page posts to `url`. `sip`: this phone sends an INVITE,
   * with engine `sipjs` and `sip.dialDirect`. `none`: incoming only.
   */
  via: v.optional(v.picklist(["host", "url", "sip", "none"]), "host"),
  url: v.optional(webUrl),
  /** ISO 3166-1 alpha-2: how a number without a country code is read. */
  country: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/)), "IN"),
  /** How long the agent's own leg may take to ring and still be answered by itself. */
  autoAnswerSeconds: v.optional(seconds(120), 30),
});

const brand = v.strictObject({
  name: v.optional(text(40), "Softphone"),
  logo: v.optional(webUrl),
  /** CSS hex colour; darkened or lightened where contrast would break. */
  accent: v.optional(v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/))),
  radius: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(16))),
});

const wholeConfig = v.strictObject({
  $schema: v.optional(v.string()),
  brand: v.optional(brand, {}),
  sip,
  host: v.optional(
    v.strictObject({
      /** Pages that may embed this phone and talk to it. Empty: nobody may. */
      allowedOrigins: v.optional(v.pipe(v.array(origin), v.maxLength(100)), []),
      /** How long the host may take to answer a request, in seconds. */
      requestTimeoutSeconds: v.optional(seconds(60), 10),
    }),
    {},
  ),
  dialing: v.optional(dialing, {}),
  /** The deployment's own server. It ends a call which every tab has left (`docs/gateway-protocol.md`). */
  gateway: v.optional(
    v.strictObject({
      url: gatewayUrl,
      /** It also knows the agents (`docs/operate.md`): they sign in to it, and it has their accounts, logs and history. */
      signIn: v.optional(v.boolean(), false),
    }),
  ),
  wrapUp: v.optional(wrapUp, {}),
  numbers: v.optional(v.strictObject({ masked: v.optional(v.boolean(), false) }), {}),
  history: v.optional(v.strictObject({ keepDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(365)), 30) }), {}),
  staySignedIn: v.optional(v.boolean(), true),
});

/** A deployment that says one thing in one place and another in the next would only fail when somebody calls. */
export const configSchema = v.pipe(
  wholeConfig,
  v.forward(
    v.check(
      ({ dialing: { via }, sip: { engine, dialDirect } }) => via !== "sip" || (engine === "sipjs" && dialDirect),
      '"sip" needs sip.engine "sipjs" and sip.dialDirect true',
    ),
    ["dialing", "via"],
  ),
  v.forward(
    // Its session is a cookie, and answers to this page alone.
    v.check(({ gateway }) => gateway?.signIn !== true || gateway.url.startsWith("/"), "agents sign in on this origin: a path is needed"),
    ["gateway", "url"],
  ),
);

export type Config = v.InferOutput<typeof configSchema>;
export type SipPreset = v.InferOutput<typeof sipPresetSchema>;
export type DispositionField = v.InferOutput<typeof dispositionFieldSchema>;

export type ConfigResult = { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly problems: readonly string[] };

/** Reads an unknown value as a configuration. Every problem names its key: `wrapUp.fields.0.label: …`. */
export function readConfig(value: unknown): ConfigResult {
  const result = v.safeParse(configSchema, value);
  if (result.success) return { ok: true, config: result.output };
  return { ok: false, problems: result.issues.map((issue) => `${v.getDotPath(issue) ?? "config.json"}: ${issue.message}`) };
}
