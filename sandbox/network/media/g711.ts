/** G.711 (ITU-T): µ-law is RTP payload type 0, A-law is 8. Samples are 16-bit. */
export type Law = "PCMU" | "PCMA";

const payloadTypeOf: Readonly<Record<Law, number>> = { PCMU: 0, PCMA: 8 };

export function lawOf(payloadType: number): Law | null {
  if (payloadType === payloadTypeOf.PCMU) return "PCMU";
  return payloadType === payloadTypeOf.PCMA ? "PCMA" : null;
}

export function encode(law: Law, samples: Int16Array): Buffer {
  const table = encoders[law];
  const bytes = Buffer.allocUnsafe(samples.length);
  samples.forEach((sample, index) => (bytes[index] = table[sample & 0xffff] ?? 0));
  return bytes;
}

export function decode(law: Law, bytes: Uint8Array): Int16Array {
  const table = decoders[law];
  const samples = new Int16Array(bytes.length);
  bytes.forEach((byte, index) => (samples[index] = table[byte] ?? 0));
  return samples;
}

function muLawToLinear(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return bits & 0x80 ? -magnitude : magnitude;
}

function linearToMuLaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_635) + 0x84;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

function aLawToLinear(byte: number): number {
  const bits = byte ^ 0x55;
  const exponent = (bits & 0x70) >> 4;
  const base = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? base : (base + 0x100) << (exponent - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

function linearToALaw(sample: number): number {
  const magnitude = Math.min(sample < 0 ? -sample - 1 : sample, 32_767);
  const exponent = magnitude < 256 ? 0 : 31 - Math.clz32(magnitude) - 7;
  const mantissa = exponent === 0 ? magnitude >> 4 : (magnitude >> (exponent + 3)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (exponent << 4) | mantissa) ^ 0x55;
}

function decoder(expand: (byte: number) => number): Int16Array {
  return Int16Array.from({ length: 256 }, (_, byte) => expand(byte));
}

function encoder(compress: (sample: number) => number): Uint8Array {
  return Uint8Array.from({ length: 65_536 }, (_, bits) => compress(bits < 32_768 ? bits : bits - 65_536));
}

const decoders: Readonly<Record<Law, Int16Array>> = { PCMU: decoder(muLawToLinear), PCMA: decoder(aLawToLinear) };
const encoders: Readonly<Record<Law, Uint8Array>> = { PCMU: encoder(linearToMuLaw), PCMA: encoder(linearToALaw) };
