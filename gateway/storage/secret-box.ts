import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Seals text under one key, bound to what it belongs to: a row copied to another agent does not open. */
export interface SecretBox {
  seal(plain: string, belongsTo: string): string;
  /** Throws where key, owner or text is another. */
  open(sealed: string, belongsTo: string): string;
}

const VERSION = "1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a random nonce. @param key 32 bytes, base64. */
export function createSecretBox(key: string): SecretBox {
  const bytes = Buffer.from(key, "base64");
  return {
    seal(plain, belongsTo) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", bytes, nonce).setAAD(Buffer.from(belongsTo));
      const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url")}`;
    },
    open(sealed, belongsTo) {
      const [version, body = ""] = sealed.split(".");
      const all = Buffer.from(body, "base64url");
      if (version !== VERSION || all.byteLength < NONCE_BYTES + TAG_BYTES) throw new Error("not a sealed text of this version");
      const decipher = createDecipheriv("aes-256-gcm", bytes, all.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(belongsTo))
        .setAuthTag(all.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(all.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
    },
  };
}
