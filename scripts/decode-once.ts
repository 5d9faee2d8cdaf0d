/**
 * sip.js's parser (peggy) decodes its 200 rules for every header that it reads: a third of the time from an INVITE to its
 * popup. Text that is not found is left as it is.
 */
export function decodeOnce(code: string): string {
  return code.includes(DECODE) ? `const peg$decoded = {};\n${code.replace(DECODE, () => DECODE_ONCE)}` : code;
}

const DECODE = 'return s.split("").map((ch) => ch.charCodeAt(0) - 32);';
const DECODE_ONCE = `return (peg$decoded[s] ??= ${DECODE.slice("return ".length, -1)});`;
