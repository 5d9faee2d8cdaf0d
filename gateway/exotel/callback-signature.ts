import { createHmac, hkdfSync } from "node:crypto";
import { equalSecrets } from "../http/equal-secrets.ts";

/** Signs the address that one call is reported to: it opens nothing but that call. */
export interface CallbackSignature {
  sign(callId: string): string;
  isValid(callId: string, signature: string): boolean;
}

/** @param encryptionKey the deployment's key (base64); the signing key is derived from it (RFC 5869). */
export function createCallbackSignature(encryptionKey: string): CallbackSignature {
  const key = Buffer.from(hkdfSync("sha256", Buffer.from(encryptionKey, "base64"), "", "exotel status callback", 32));
  const sign = (callId: string): string => createHmac("sha256", key).update(callId).digest("base64url");
  return { sign, isValid: (callId, signature) => equalSecrets(signature, sign(callId)) };
}
