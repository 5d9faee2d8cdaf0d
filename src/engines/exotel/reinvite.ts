import type { OpenAck } from "../shared/open-ack.ts";
import type { SdkDescriptionOptions, SdkSession } from "./sdk.ts";

/** Sends a re-INVITE, once the far end has acknowledged what we accepted. Resolves to the status code of the final answer, or to `null` where none could be sent. */
export async function reinvite(session: SdkSession, ack: OpenAck, options: SdkDescriptionOptions): Promise<number | null> {
  await ack.whenArrived();
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
