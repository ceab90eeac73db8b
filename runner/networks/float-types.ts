/** A floating-point type of a safetensors file. */
interface FloatReader {
  bytes: 2 | 4;
  /** Decodes little-endian bytes at the start of their own buffer. Exact, because float32 covers the other types. */
  decode: (bytes: Buffer) => Float32Array;
}

export type FloatType = 'F32' | 'F16' | 'BF16';

export const FLOAT_TYPES: Record<FloatType, FloatReader> = {
  F32: { bytes: 4, decode: (bytes) => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4) },
  F16: { bytes: 2, decode: (bytes) => Float32Array.from(halves(bytes), fromHalf) },
  BF16: { bytes: 2, decode: fromBrain },
};

function halves(bytes: Buffer): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}

/** A bfloat16 is the upper half of a float32. */
function fromBrain(bytes: Buffer): Float32Array {
  return new Float32Array(Uint32Array.from(halves(bytes), (half) => half << 16).buffer);
}

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 bits of fraction. */
function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
