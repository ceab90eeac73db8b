import { endianness } from 'node:os';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { shown } from './texts.js';

/** How the numbers of a packed list are read. */
interface Format<Numbers> {
  name: string;
  description: string;
  bytesEach: number;
  /** A list of the numbers that are in this memory, in the order of this machine's bytes. */
  create: (memory: ArrayBuffer) => Numbers;
  /** Reverses the bytes of each number. */
  swap: (bytes: Buffer) => Buffer;
}

/**
 * A list of numbers as one text, which is checked and read at once: each item of a GraphQL list is coerced on its own, which takes
 * a hundred times as long.
 */
function packedScalar<Numbers extends Int32Array | Float64Array>(format: Format<Numbers>): GraphQLScalarType<Numbers> {
  const { name, description, bytesEach, create, swap } = format;
  const parse = (text: unknown): Numbers => {
    const length = typeof text === 'string' ? bytesIn(text) : null;
    // The text is decoded into the memory of the numbers.
    const bytes = Buffer.from(new ArrayBuffer(length ?? 0));
    // Node skips what is not Base64, so fewer bytes come out.
    if (length === null || bytes.write(text as string, 'base64') !== length) {
      throw new GraphQLError(`${name} must be Base64 with padding; got ${shown(text)}`);
    }
    if (length % bytesEach !== 0) {
      throw new GraphQLError(`${name} must have ${bytesEach} bytes for each number; got ${length} bytes`);
    }
    return create((endianness() === 'LE' ? bytes : swap(bytes)).buffer as ArrayBuffer);
  };
  return new GraphQLScalarType<Numbers>({
    ...{ name, description },
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : node.kind),
  });
}

/** How many bytes a text in Base64 encodes; null if it is not Base64. */
function bytesIn(text: string): number | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/** Whole numbers, as an Int32Array. */
export const GraphQLPackedInts = packedScalar<Int32Array>({
  name: 'PackedInts',
  description:
    'A list of 32-bit integers. Their bytes (little-endian, four for each) are encoded as Base64 with padding.',
  bytesEach: Int32Array.BYTES_PER_ELEMENT,
  create: (memory) => new Int32Array(memory),
  swap: (bytes) => bytes.swap32(),
});

/** Floats, NaN and infinities included, as a Float64Array. */
export const GraphQLPackedFloats = packedScalar<Float64Array>({
  name: 'PackedFloats',
  description:
    'A list of 64-bit floats, which may be NaN or infinite. Their bytes (little-endian, eight for each) are ' +
    'encoded as Base64 with padding.',
  bytesEach: Float64Array.BYTES_PER_ELEMENT,
  create: (memory) => new Float64Array(memory),
  swap: (bytes) => bytes.swap64(),
});
