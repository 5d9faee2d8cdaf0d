import type { Plugin } from "vite";

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

/** Applies the transforms for one file; text that is not found is left as it is. */
export function transformVendor(id: string, code: string): string {
  const path = id.replaceAll("\\", "/").split("?")[0] ?? "";
  return VENDOR_TRANSFORMS.filter(({ file }) => path.endsWith(file)).reduce((text, { find, put }) => text.replace(find, () => put), code);
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
