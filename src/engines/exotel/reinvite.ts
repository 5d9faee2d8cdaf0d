import type { SdkDescriptionOptions, SdkSession } from "./sdk.ts";

/** Sends a re-INVITE. Resolves to the status code of the final answer, or to `null` where none could be sent. */
export function reinvite(session: SdkSession, options: SdkDescriptionOptions): Promise<number | null> {
  return new Promise((resolve) => {
    session
      .invite({
        requestDelegate: {
          onAccept: () => resolve(200),
          onReject: (response) => resolve(response.message.statusCode),
        },
        sessionDescriptionHandlerOptions: options,
      })
      .catch(() => resolve(null));
  });
}
