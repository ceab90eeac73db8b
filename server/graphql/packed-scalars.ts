import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { shown } from './texts.js';

/** How the numbers of a packed list are read. */
interface Format<Numbers> {
  name: string;
  description: string;
  bytesEach: number;
  /** An empty list of this length. */
  create: (length: number) => Numbers;
  /** Reads the number that begins at this byte. */
  read: (bytes: DataView, at: number) => number;
}

/**
 * A list of numbers as one text, which is checked and read at once: each item of a GraphQL list is coerced on its own, which takes
 * a hundred times as long.
 */
function packedScalar<Numbers extends Int32Array | Float64Array>(format: Format<Numbers>): GraphQLScalarType<Numbers> {
  const { name, description, bytesEach, create, read } = format;
  const parse = (text: unknown): Numbers => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : null;
    // Node skips what is not Base64, so fewer bytes come out.
    if (bytes === null || bytes.length !== bytesIn(text as string)) {
      throw new GraphQLError(`${name} must be Base64 with padding; got ${shown(text)}`);
    }
    if (bytes.length % bytesEach !== 0) {
      throw new GraphQLError(`${name} must have ${bytesEach} bytes for each number; got ${bytes.length} bytes`);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const numbers = create(bytes.length / bytesEach);
    for (let i = 0; i < numbers.length; i++) numbers[i] = read(view, i * bytesEach);
    return numbers;
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
  create: (length) => new Int32Array(length),
  read: (bytes, at) => bytes.getInt32(at, true),
});

/** Floats, NaN and infinities included, as a Float64Array. */
export const GraphQLPackedFloats = packedScalar<Float64Array>({
  name: 'PackedFloats',
  description:
    'A list of 64-bit floats, which may be NaN or infinite. Their bytes (little-endian, eight for each) are ' +
    'encoded as Base64 with padding.',
  bytesEach: Float64Array.BYTES_PER_ELEMENT,
  create: (length) => new Float64Array(length),
  read: (bytes, at) => bytes.getFloat64(at, true),
});
