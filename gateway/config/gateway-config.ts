import * as v from "valibot";

/**
 * `gateway.json`: what one deployment of the gateway decides. Secrets are not in it but in the environment
 * (`secrets.ts`). Every key is documented in `docs/operate.md`; a test compares the two.
 */
const text = (max: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max));
const wholeNumber = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const origin = v.pipe(
  v.string(),
  v.regex(/^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/, "an origin such as https://phone.example.com, without a path"),
);
const host = v.pipe(v.string(), v.regex(/^[A-Za-z0-9.-]+(:\d{1,5})?$/, "a host with an optional port"));

const listen = v.strictObject({
  host: v.optional(text(100), "127.0.0.1"),
  port: v.optional(wholeNumber(0, 65_535), 5175),
});

const signIn = v.strictObject({
  /** `iss` and `aud` that a token of the CRM's server must carry; absent: no tokens are accepted. */
  token: v.optional(
    v.strictObject({
      issuer: text(200),
      audience: text(200),
      algorithm: v.picklist(["HS256", "RS256", "ES256"]),
      /** Public key of RS256 and ES256, PEM (SPKI). HS256 takes its secret from the environment. */
      publicKey: v.optional(text(4_000)),
      /** A token that lives longer than this is refused, in seconds. */
      longestLife: v.optional(wholeNumber(10, 3_600), 300),
    }),
  ),
  sessionHours: v.optional(wholeNumber(1, 168), 12),
  invitationHours: v.optional(wholeNumber(1, 720), 72),
});

const exotel = v.strictObject({
  /** `https://api.in.exotel.com` (Mumbai) or `https://api.exotel.com` (Singapore). */
  api: origin,
  account: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,80}$/, "an Exotel account SID")),
  /** ExoPhones that agents may call from; the first is taken where an agent has none of his own. */
  callerIds: v.pipe(v.array(v.pipe(v.string(), v.regex(/^\+?[0-9-]{4,20}$/, "a telephone number"))), v.minLength(1), v.maxLength(500)),
  /** Hosts that a recording may be fetched from with the account's key; nothing else is ever asked. */
  recordingHosts: v.optional(v.pipe(v.array(host), v.maxLength(20)), []),
  /** Where Exotel reaches this server, where that is not `publicUrl`. */
  callbackUrl: v.optional(origin),
  /** How long an agent's request may wait while Exotel answers 429, in seconds. */
  patience: v.optional(wholeNumber(0, 60), 8),
  /** What Exotel has switched on for the account, beside click-to-call. */
  legs: v.optional(
    v.strictObject({
      /** Chapter 5.2: active legs, listen, whisper, barge, hang-up. */
      monitoring: v.optional(v.boolean(), false),
      /** Chapter 2: `https://cpaas-api.in.exotel.com`, host of the ExoML leg actions: ends a call that every tab has left; the rest needs `monitoring`, which finds the legs. */
      exoml: v.optional(origin),
    }),
  ),
  /** Chapter 3.2.3, Subscriber Management; absent: SIP accounts are entered by hand. */
  subscribers: v.optional(
    v.strictObject({
      /** Where the widget registers, `host:port`. */
      proxy: host,
      /** Where it is not `<account>.voip.exotel.com`. */
      domain: v.optional(host),
      /** User name of Basic authentication: the chapter says the account's SID, its neighbours the API key. */
      user: v.optional(v.picklist(["account", "key"]), "account"),
    }),
  ),
});

const callHours = v.strictObject({
  timeZone: v.optional(
    v.pipe(
      v.string(),
      v.check((zone) => isTimeZone(zone), "an IANA time zone"),
    ),
    "Asia/Kolkata",
  ),
  days: v.pipe(v.array(v.picklist(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])), v.minLength(1)),
  from: v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, "HH:MM")),
  to: v.pipe(v.string(), v.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "HH:MM")),
});

const leadsquared = v.strictObject({
  /** `https://telephony-in21.leadsquared.com`: host of the Universal Telephony Connector. */
  telephony: origin,
  /** `https://asyncapi-in21.leadsquared.com`; given: call logs go there. */
  asynchronous: v.optional(origin),
  /** `https://api-in21.leadsquared.com`: host of the accessKey API, for the recording's link. */
  api: v.optional(origin),
  connectorId: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,80}$/)),
  /** `mx_Custom_10` … `mx_Custom_14` to the id of a disposition field, or `followUp`, `answeredBy`, `digits`. */
  customFields: v.optional(v.record(v.pipe(v.string(), v.regex(/^mx_Custom_1[0-4]$/, "mx_Custom_10 to mx_Custom_14")), text(60)), {}),
  /** Our word to the status that the connector is configured with. */
  statuses: v.optional(
    v.strictObject({
      answered: v.optional(text(40), "Answered"),
      missed: v.optional(text(40), "Missed"),
      voicemail: v.optional(text(40), "Voicemail"),
      /** Kinds of missed calls; each `missed` where the connector has no word of its own. */
      busy: v.optional(text(40)),
      noAnswer: v.optional(text(40)),
      failed: v.optional(text(40)),
      canceled: v.optional(text(40)),
    }),
    {},
  ),
  /** How long a finished call waits for its agent's note before it is logged without one, in seconds. */
  wrapUpSeconds: v.optional(wholeNumber(0, 86_400), 600),
  showPopup: v.optional(v.boolean(), true),
  /** `AgentPopup` of the connector, or `ShowAgentPopup` of the accessKey API (`api`), which names the user and not the telephone. */
  popupBy: v.optional(v.picklist(["connector", "user"]), "connector"),
  /** How long LeadSquared may take to answer, in seconds. */
  answerSeconds: v.optional(wholeNumber(1, 60), 15),
  /** What all processes together may ask of an account that takes 25, and that others use too. */
  requestsPer5Seconds: v.optional(wholeNumber(1, 1_000), 20),
});

export const gatewayConfigSchema = v.strictObject({
  $schema: v.optional(v.string()),
  listen: v.optional(listen, {}),
  /** Where browsers, the CRM and Exotel reach this server. */
  publicUrl: origin,
  widget: v.optional(
    v.strictObject({
      /** The built widget; relative to the working directory. */
      folder: v.optional(text(500), "dist"),
      /** The widget's `config.json`, where it is not the one in the folder. */
      config: v.optional(text(500)),
    }),
    {},
  ),
  storage: v.optional(
    v.strictObject({
      /** Folder of the embedded database; `DATABASE_URL` in the environment takes its place. */
      folder: v.optional(text(500), "gateway-data"),
    }),
    {},
  ),
  signIn: v.optional(signIn, {}),
  exotel,
  callHours: v.optional(callHours),
  leadsquared: v.optional(leadsquared),
  recordings: v.optional(v.strictObject({ keepDays: v.optional(wholeNumber(1, 3_650), 365) }), {}),
  log: v.optional(v.strictObject({ level: v.optional(v.picklist(["debug", "info", "warn", "error"]), "info") }), {}),
});

export type GatewayConfig = v.InferOutput<typeof gatewayConfigSchema>;
export type LeadSquaredConfig = NonNullable<GatewayConfig["leadsquared"]>;
export type CallHours = NonNullable<GatewayConfig["callHours"]>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
