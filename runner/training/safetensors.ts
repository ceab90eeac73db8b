import { open, readFile, rename } from 'node:fs/promises';

/**
 * The safetensors format (huggingface/safetensors): a little-endian u64 header length, a JSON header that maps names to
 * dtype, shape and byte offsets, then the values. Only float32 is needed here.
 */
export interface TensorFile {
  tensors: Record<string, { shape: number[]; values: Float32Array }>;
  /** Free text by key. */
  metadata: Record<string, string>;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const LENGTH_BYTES = 8;
const METADATA_KEY = '__metadata__';

/** Writes a file; it appears under its name only when it is complete. */
export async function writeTensorFile(file: string, { tensors, metadata }: TensorFile): Promise<void> {
  const header: Record<string, unknown> = { [METADATA_KEY]: metadata };
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] } satisfies Entry;
    offset += values.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  // Spaces after the header put the values on multiples of 8 bytes, as the format asks of writers.
  const padded = Buffer.concat([text, Buffer.alloc((LENGTH_BYTES - (text.length % LENGTH_BYTES)) % LENGTH_BYTES, ' ')]);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(padded.length));
  const chunks = Object.values(tensors).map(({ values }) => bytesOf(values));

  const partial = `${file}.partial`;
  const handle = await open(partial, 'w');
  try {
    await handle.writev([length, padded, ...chunks]);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
}

/** @throws Error when the file is no safetensors file, is cut short, or holds another type than float32. */
export async function readTensorFile(file: string): Promise<TensorFile> {
  const bytes = await readFile(file);
  const broken = (why: string) => new Error(`${file} is not a complete safetensors file: ${why}`);
  if (bytes.length < LENGTH_BYTES) throw broken(`${bytes.length} bytes`);
  const start = LENGTH_BYTES + Number(bytes.readBigUInt64LE());
  if (start > bytes.length) throw broken(`its header ends at byte ${start} of ${bytes.length}`);
  const header = parseHeader(bytes.toString('utf8', LENGTH_BYTES, start), broken);

  const { [METADATA_KEY]: metadata = {}, ...entries } = header;
  const tensors: TensorFile['tensors'] = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries as Record<string, Entry>)) {
    const [from, to] = data_offsets;
    const size = shape.reduce((product, side) => product * side, 1);
    if (dtype !== 'F32') throw broken(`tensor "${name}" is ${dtype}; only F32 is supported`);
    if (to - from !== size * 4) throw broken(`tensor "${name}" [${shape}] has ${to - from} bytes`);
    if (start + to > bytes.length) throw broken(`tensor "${name}" ends at byte ${start + to} of ${bytes.length}`);
    const values = new Float32Array(size);
    bytesOf(values).set(bytes.subarray(start + from, start + to));
    tensors[name] = { shape, values };
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

function parseHeader(text: string, broken: (why: string) => Error): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(broken('its header is no JSON'), { cause });
  }
}

/** float32 values as bytes; little-endian, like every machine that Node runs TensorFlow.js on. */
function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
