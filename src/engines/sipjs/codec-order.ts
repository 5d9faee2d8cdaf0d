/** The named codecs first, as they are named; the others as the browser has them. */
export function inOrder(codecs: readonly RTCRtpCodec[], names: readonly string[]): RTCRtpCodec[] {
  const rank = ({ mimeType }: RTCRtpCodec): number => {
    const index = names.findIndex((name) => mimeType.toLowerCase() === `audio/${name.toLowerCase()}`);
    return index < 0 ? names.length : index;
  };
  return codecs.toSorted((a, b) => rank(a) - rank(b));
}
