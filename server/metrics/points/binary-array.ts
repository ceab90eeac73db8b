/** The header of a one-dimensional array: dimensions, flags, element type, length and lower bound, of 4 bytes each. */
const HEADER_BYTES = 20;
const FLAGS_AT = 4;
const TYPE_AT = 8;
const LENGTH_AT = 12;
const NULL = -1;
const INT4_BYTES = 4;
const LOW_HALF = 2 ** 32;

/** The object id and the size of each type, as in pg_type. */
const TYPES = { int4: [23, 4], int8: [20, 8], float8: [701, 8] } as const;

/**
 * The elements of an array of int4, int8 or float8 in the binary format of Postgres, as `array_send` returns it. Reading it takes a
 * third of the time that its text takes.
 * @see src/backend/utils/adt/arrayfuncs.c, array_send
 */
export function readArray(bytes: Buffer): (number | null)[] {
  if (bytes.readInt32BE(0) === 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getInt32(TYPE_AT);
  const elements = new Array<number | null>(view.getInt32(LENGTH_AT));
  if (view.getInt32(FLAGS_AT) === 0 && type === TYPES.float8[0]) return readFloats(view, elements as number[]);
  let at = HEADER_BYTES;
  for (let index = 0; index < elements.length; index++) {
    const size = view.getInt32(at);
    at += INT4_BYTES;
    if (size === NULL) {
      elements[index] = null;
      continue;
    }
    if (type === TYPES.float8[0]) elements[index] = view.getFloat64(at);
    else if (type === TYPES.int4[0]) elements[index] = view.getInt32(at);
    else elements[index] = view.getInt32(at) * LOW_HALF + view.getUint32(at + INT4_BYTES);
    at += size;
  }
  return elements;
}

/** Without nulls, and without other types, the loop is several times as fast. */
function readFloats(view: DataView, elements: number[]): number[] {
  const [, size] = TYPES.float8;
  for (let index = 0, at = HEADER_BYTES + INT4_BYTES; index < elements.length; index++, at += INT4_BYTES + size) {
    elements[index] = view.getFloat64(at);
  }
  return elements;
}

/**
 * The same in the other direction, for a parameter of a statement: an array of the elements of all parts. Only int4 may have nulls.
 * Whole numbers of int8 must be within the integers that a number holds exactly. pg sends a Buffer as it is, and the text of a
 * thousand numbers would take both sides longer.
 */
export function writeArray(type: keyof typeof TYPES, ...parts: readonly (readonly (number | null)[])[]): Buffer {
  const [id, size] = TYPES[type];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + length * (INT4_BYTES + size));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hasNulls = type === 'int4' && parts.some((part) => part.includes(null)) ? 1 : 0;
  for (const [place, field] of [1, hasNulls, id, length, 1].entries()) view.setInt32(place * INT4_BYTES, field);
  let at = HEADER_BYTES;
  for (const part of parts) at = WRITERS[type](view, at, part as number[]);
  return bytes.subarray(0, at);
}

/** Each writes elements from a place on, and returns where they end. A loop that sees one kind of number only is faster. */
const WRITERS = {
  int4(view: DataView, from: number, elements: readonly (number | null)[]): number {
    let at = from;
    for (let index = 0; index < elements.length; index++, at += INT4_BYTES) {
      const element = elements[index]!;
      view.setInt32(at, element === null ? NULL : INT4_BYTES);
      if (element === null) continue;
      at += INT4_BYTES;
      view.setInt32(at, element);
    }
    return at;
  },
  int8(view: DataView, from: number, elements: readonly number[]): number {
    const [, size] = TYPES.int8;
    let at = from;
    for (let index = 0; index < elements.length; index++, at += INT4_BYTES + size) {
      const high = Math.floor(elements[index]! / LOW_HALF);
      view.setInt32(at, size);
      view.setInt32(at + INT4_BYTES, high);
      view.setUint32(at + 2 * INT4_BYTES, elements[index]! - high * LOW_HALF);
    }
    return at;
  },
  float8(view: DataView, from: number, elements: readonly number[]): number {
    const [, size] = TYPES.float8;
    let at = from;
    for (let index = 0; index < elements.length; index++, at += INT4_BYTES + size) {
      view.setInt32(at, size);
      view.setFloat64(at + INT4_BYTES, elements[index]!);
    }
    return at;
  },
};
