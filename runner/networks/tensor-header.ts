/** The header of a safetensors file, checked as strictly as the format's reference implementation does. */
export interface TensorHeader {
  /** In the order of the file. */
  entries: Map<string, TensorEntry>;
  /** Free text by key. */
  metadata: Record<string, string>;
}

export interface TensorEntry {
  dtype: string;
  shape: number[];
  /** The first byte and the byte after the last one, counted from the end of the header. */
  offsets: [from: number, to: number];
}

export const METADATA_KEY = '__metadata__';

/** Bits per value of every type of the format. */
const BITS = new Map([
  ...['F4'].map((name) => [name, 4] as const),
  ...['F6_E2M3', 'F6_E3M2'].map((name) => [name, 6] as const),
  ...['BOOL', 'U8', 'I8', 'F8_E5M2', 'F8_E4M3', 'F8_E8M0'].map((name) => [name, 8] as const),
  ...['U16', 'I16', 'F16', 'BF16'].map((name) => [name, 16] as const),
  ...['U32', 'I32', 'F32'].map((name) => [name, 32] as const),
  ...['U64', 'I64', 'F64', 'C64'].map((name) => [name, 64] as const),
]);

/** Nobody needs more, and the product of more sides takes long to check. */
const MOST_SIDES = 16;
const MOST_QUOTED = 80;

/**
 * Reads a header whose values fill the `bytes` bytes after it: every tensor has the size of its type and shape, none
 * overlap, and there is no gap between them. So the tensors never need more memory than the file has bytes.
 * @throws what `broken` returns for the first problem
 */
export function readTensorHeader(text: string, bytes: number, broken: (why: string) => Error): TensorHeader {
  const parsed = parse(text, broken);
  refuseRepeatedKeys(text, broken);
  const entries = new Map<string, TensorEntry>();
  let metadata: Record<string, string> = {};
  // Object.entries also lists an own key that is called __proto__.
  for (const [name, value] of Object.entries(parsed)) {
    if (name === METADATA_KEY) metadata = readMetadata(value, broken);
    else entries.set(name, readEntry(name, value, broken));
  }
  refuseOverlapsAndGaps(entries, bytes, broken);
  return { entries, metadata };
}

function parse(text: string, broken: (why: string) => Error): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw Object.assign(broken('its header is not JSON'), { cause });
  }
  if (!isPlainObject(parsed)) throw broken('its header is not a JSON object');
  return parsed;
}

function readMetadata(value: unknown, broken: (why: string) => Error): Record<string, string> {
  if (!isPlainObject(value)) throw broken(`its ${METADATA_KEY} is not an object`);
  // Without a prototype, so that every key is only a key.
  const metadata: Record<string, string> = Object.create(null);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw broken(`${quote(key)} in its ${METADATA_KEY} is not a text`);
    metadata[key] = text;
  }
  return metadata;
}

function readEntry(name: string, value: unknown, broken: (why: string) => Error): TensorEntry {
  const tensor = `tensor ${quote(name)}`;
  if (!isPlainObject(value)) throw broken(`${tensor} is not described by an object`);
  const { dtype, shape, data_offsets: offsets, ...rest } = value as Record<string, unknown>;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw broken(`${tensor} has an unknown property ${quote(unknown)}`);
  const bits = typeof dtype === 'string' ? BITS.get(dtype) : undefined;
  if (bits === undefined) throw broken(`${tensor} has the unknown type ${quote(dtype)}`);
  if (!isListOfCounts(shape, MOST_SIDES)) {
    throw broken(`${tensor} has the shape ${quote(shape)}; a shape is a list of at most ${MOST_SIDES} whole numbers`);
  }
  if (!isListOfCounts(offsets, 2) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw broken(`${tensor} has the offsets ${quote(offsets)}; they must be two whole numbers in ascending order`);
  }
  const [from, to] = offsets as [number, number];
  const expected = bytesOf(shape, bits);
  if (to - from !== expected) {
    throw broken(
      `${tensor} of shape [${shape}] has ${to - from} bytes, expected ${expected ?? 'a whole number of them'}`,
    );
  }
  return { dtype: dtype as string, shape, offsets: [from, to] };
}

/** Null if the size cannot be represented or is not a whole number of bytes. */
function bytesOf(shape: readonly number[], bits: number): number | null {
  let product = bits;
  for (const side of shape) {
    // Also refuses a huge side next to a 0, which would make the product 0 again.
    if (side > Number.MAX_SAFE_INTEGER / Math.max(product, 1)) return null;
    product *= side;
  }
  return product % 8 === 0 ? product / 8 : null;
}

function refuseOverlapsAndGaps(
  entries: ReadonlyMap<string, TensorEntry>,
  bytes: number,
  broken: (why: string) => Error,
): void {
  const inOrder = [...entries].sort(([, a], [, b]) => a.offsets[0] - b.offsets[0] || a.offsets[1] - b.offsets[1]);
  let end = 0;
  for (const [name, { offsets }] of inOrder) {
    const [from, to] = offsets;
    if (from < end) throw broken(`tensor ${quote(name)} begins at byte ${from} of the values, inside another tensor`);
    if (from > end) throw broken(`there is a gap of ${from - end} bytes before tensor ${quote(name)}`);
    if (to > bytes) throw broken(`tensor ${quote(name)} ends at byte ${to} of the values, but there are ${bytes}`);
    end = to;
  }
  if (end !== bytes) throw broken(`${bytes - end} bytes after its last tensor belong to none`);
}

/** JSON.parse silently keeps only the last of two equal keys, and other readers may keep the first. */
function refuseRepeatedKeys(text: string, broken: (why: string) => Error): void {
  /** The keys of every object that is open; null for an array. */
  const open: (Set<string> | null)[] = [];
  // The text is valid JSON, so only strings need care.
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [part, colon] = found;
    if (part === '{') open.push(new Set());
    else if (part === '[') open.push(null);
    else if (part === '}' || part === ']') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(part.slice(0, -colon.length)) as string;
      const keys = open.at(-1)!;
      if (keys.has(key)) throw broken(`its header has ${quote(key)} twice`);
      keys.add(key);
    }
  }
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfCounts(value: unknown, most: number): value is number[] {
  return Array.isArray(value) && value.length <= most && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text;
}
