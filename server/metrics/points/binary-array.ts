/** The header of a one-dimensional array: dimensions, flags, element type, length and lower bound, of 4 bytes each. */
const HEADER_BYTES = 20;
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

/**
 * The same in the other direction, for a parameter of a statement. Whole numbers of int8 must be within the integers that a number
 * holds exactly. pg sends a Buffer as it is, and the text of a thousand numbers would take both sides longer.
 */
export function writeArray(type: keyof typeof TYPES, elements: readonly (number | null)[]): Buffer {
  const [id, size] = TYPES[type];
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + elements.length * (INT4_BYTES + size));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hasNulls = elements.includes(null) ? 1 : 0;
  for (const [place, field] of [1, hasNulls, id, elements.length, 1].entries())
    view.setInt32(place * INT4_BYTES, field);
  let at = HEADER_BYTES;
  for (let index = 0; index < elements.length; index++) {
    const element = elements[index]!;
    view.setInt32(at, element === null ? NULL : size);
    at += INT4_BYTES;
    if (element === null) continue;
    if (type === 'float8') view.setFloat64(at, element);
    else if (type === 'int4') view.setInt32(at, element);
    else {
      view.setInt32(at, Math.floor(element / LOW_HALF));
      view.setUint32(at + INT4_BYTES, element % LOW_HALF);
    }
    at += size;
  }
  return bytes.subarray(0, at);
}
