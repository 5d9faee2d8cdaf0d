import type { Plugin } from "vite";
import { decodeOnce } from "./decode-once.ts";

/**
 * The few words of Exotel's SDK that are changed at build time, because nothing else reaches them. Each is found by
 * its exact text: where the vendor's text is no longer there, nothing is changed, the page works as the vendor made
 * it, and `vendor-transforms.test.ts` fails.
 */
export interface VendorTransform {
  /** End of the module's path. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
  readonly why: string;
}

const PHONE = "/webrtc-core-sdk/src/sipjsphone.js";
/** Stands in for an audio element that plays nothing. */
const SILENT = "{ play: () => Promise.resolve(), pause() {}, load() {}, setSinkId: () => Promise.resolve() }";

export const VENDOR_TRANSFORMS: readonly VendorTransform[] = [
  {
    file: PHONE,
    find: `			if (initializeComplete == true) {
				sipRegister();
			}
		}, 500);`,
    put: `			if (initializeComplete == true) {
				sipRegister();
			}
		}, 0);`,
    why: "a fixed half second before the socket is opened",
  },
  {
    file: PHONE,
    find: `				preInit();
			}
		}, 100);`,
    put: `				preInit();
			}
		}, 4);`,
    why: "up to 100 ms until it is seen that the page is complete",
  },
  ...["beep", "ringtone", "ringbacktone", "dtmf"].map((sound) => ({
    file: PHONE,
    find: `document.createElement("audio");
${sound === "beep" || sound === "dtmf" ? `${sound}tone` : sound}.src = require("./static/${sound}.wav");`,
    put: `${SILENT};`,
    why: "254 kB of sounds that our own ringer replaces",
  })),
  {
    file: PHONE,
    find: `	ctxSip.setCallSessionStatus("");
	ctxSip.callActiveID = null;`,
    put: `	ctxSip.setCallSessionStatus("");
	delete ctxSip.Sessions[ctxSip.callActiveID];
	ctxSip.callActiveID = null;`,
    why: "every session was kept for ever: 9 kB and two listeners a call",
  },
  {
    file: PHONE,
    find: "	ctxSip.phone.start();",
    put: "	ctxSip.phone.start().catch(() => {});",
    why: "a socket that cannot be opened is an unhandled rejection, besides the event",
  },
  {
    file: PHONE,
    find: "	localStorage.setItem('ctxPhone', 'true');",
    put: "",
    why: "a write to localStorage at each REGISTER, which nothing reads",
  },
];

const SIP = "/webrtc-core-sdk/src/sip-0.20.0.js";
const DIAGNOSTICS = "/webrtc-client-sdk/src/api/omAPI/DiagnosticsListener.js";

/** Classes of the bundled sip.js that neither the SDK nor the phone ever makes one of: 9 kB gzip. */
export const UNUSED_CLASSES = [
  "Inviter",
  "Messager",
  "Publisher",
  "SimpleUser",
  "Subscriber",
  "SubscriberRequest",
  "Subscription",
  "SubscriptionDialog",
] as const;

/** A whole line that logs nothing but a literal, where it stands alone in a block. */
const LITERAL_LOG =
  /(?<=[{};][ \t]*\r?\n(?:[ \t]*\/\/[^\n]*\n)*)[ \t]*(?:this\.)?logger\.(?:debug|log|warn|error)\((?:"[^"\n]*"|`[^`$\n]*`)\);[ \t]*$/gm;

/**
 * What the SDK writes to `localStorage`, its log with the password among it, stays in memory: nothing is stored in the
 * clear, and a browser that denies storage to a frame throws nothing at it. One store a module is enough: no module
 * reads what another one wrote.
 */
const IN_MEMORY = `const localStorage = ((kept) => ({
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => void kept.set(key, String(value)),
  removeItem: (key) => void kept.delete(key),
}))(new Map());
`;
const VENDOR_SOURCE = /\/webrtc-(?:client|core)-sdk\/src\//;

/** Applies the transforms for one file; text that is not found is left as it is. */
export function transformVendor(id: string, code: string): string {
  const path = id.replaceAll("\\", "/").split("?")[0] ?? "";
  const changed = transformFile(path, code);
  if (!VENDOR_SOURCE.test(path) || !/\blocalStorage\b/.test(changed)) return changed;
  return IN_MEMORY + changed.replaceAll("window.localStorage", "localStorage");
}

function transformFile(path: string, code: string): string {
  if (path.endsWith(DIAGNOSTICS)) return withoutBodies(code);
  if (path.endsWith(SIP)) return decodeOnce(UNUSED_CLASSES.reduce(emptied, code).replace(LITERAL_LOG, ""));
  return VENDOR_TRANSFORMS.filter(({ file }) => path.endsWith(file)).reduce((text, { find, put }) => text.replace(find, () => put), code);
}

/** The vendor's troubleshooting page: its functions stay and do nothing, and what they needed is no longer loaded. */
function withoutBodies(code: string): string {
  return [...code.matchAll(/^export function (\w+)\(/gm)].map(([, name = ""]) => `export function ${name}() {}`).join("\n");
}

function emptied(code: string, name: string): string {
  const start = new RegExp(`^class ${name}(?: extends [^{]+)? \\{$`, "m").exec(code);
  if (start === null) return code;
  const body = start.index + start[0].length;
  const end = code.indexOf("\n}\n", body);
  return end < 0 ? code : code.slice(0, body) + code.slice(end);
}

export function vendorTransforms(): Plugin {
  return {
    name: "vendor-transforms",
    enforce: "pre",
    transform(code, id) {
      const changed = transformVendor(id, code);
      return changed === code ? null : { code: changed, map: null };
    },
  };
}
