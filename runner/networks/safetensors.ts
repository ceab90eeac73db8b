import { type FileHandle, open, rename, writeFile } from 'node:fs/promises';
import { FLOAT_TYPES, type FloatType } from './float-types.js';

/**
 * The safetensors format (huggingface/safetensors): a little-endian u64 header length, a JSON header that maps names to
 * dtype, shape and byte offsets, then the values. Written as F32; F32, F16 and BF16 are read.
 */
export interface TensorFile {
  tensors: Record<string, { shape: number[]; values: Float32Array }>;
  /** Free text by key. */
  metadata: Record<string, string>;
}

export interface TensorFileRead extends TensorFile {
  /** Type by name of what is no float32, float16 or bfloat16, such as counters in I64: not read. */
  others: Record<string, string>;
}

/** What a tensor's values are made from when their turn comes, so that a large file never lies in memory twice. */
export interface TensorSource {
  shape: number[];
  values: () => Float32Array;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const LENGTH_BYTES = 8;
const METADATA_KEY = '__metadata__';
/** The limit that the format's reference implementation sets. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Writes float32 tensors; the file appears under its name only when it is complete.
 * @throws Error when a source gives another number of values than its shape has, or the disk is full.
 */
export async function writeTensorFile(
  file: string,
  { tensors, metadata }: { tensors: Record<string, TensorSource>; metadata: Record<string, string> },
): Promise<void> {
  const header: Record<string, unknown> = { [METADATA_KEY]: metadata };
  let offset = 0;
  for (const [name, { shape }] of Object.entries(tensors)) {
    const bytes = 4 * sizeOf(shape);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes] } satisfies Entry;
    offset += bytes;
  }
  const text = Buffer.from(JSON.stringify(header));
  // Spaces after the header put the values on multiples of 8 bytes, as the format asks of writers.
  const padded = Buffer.concat([text, Buffer.alloc((LENGTH_BYTES - (text.length % LENGTH_BYTES)) % LENGTH_BYTES, ' ')]);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(padded.length));

  const partial = `${file}.partial`;
  const handle = await open(partial, 'w');
  try {
    // One after the other, and to the last byte: a single vectored write may stop early on a full disk without an error.
    await writeFile(handle, chunks([length, padded], tensors));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
}

function* chunks(head: Uint8Array[], tensors: Record<string, TensorSource>): Generator<Uint8Array> {
  yield* head;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const made = values();
    if (made.length !== sizeOf(shape)) throw new Error(`tensor "${name}" [${shape}] was given ${made.length} values`);
    yield bytesOf(made);
  }
}

/** @throws Error when the file is no safetensors file or is cut short; the message says where. */
export async function readTensorFile(file: string): Promise<TensorFileRead> {
  const handle = await open(file);
  try {
    return await read(handle, (why) => new Error(`${file} is not a complete safetensors file: ${why}`));
  } finally {
    await handle.close();
  }
}

async function read(handle: FileHandle, broken: (why: string) => Error): Promise<TensorFileRead> {
  const { size } = await handle.stat();
  if (size < LENGTH_BYTES) throw broken(`${size} bytes`);
  const headerBytes = Number((await bytesAt(handle, 0, LENGTH_BYTES)).readBigUInt64LE());
  const start = LENGTH_BYTES + headerBytes;
  if (start > size) throw broken(`its header ends at byte ${start} of ${size}`);
  if (headerBytes > MAX_HEADER_BYTES) throw broken(`its header has ${headerBytes} bytes`);
  const text = (await bytesAt(handle, LENGTH_BYTES, headerBytes)).toString('utf8');
  const { [METADATA_KEY]: metadata = {}, ...entries } = parseHeader(text, broken);

  const tensors: TensorFile['tensors'] = {};
  const others: Record<string, string> = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries as Record<string, Entry>)) {
    const [from, to] = data_offsets;
    if (start + to > size) throw broken(`tensor "${name}" ends at byte ${start + to} of ${size}`);
    const type = FLOAT_TYPES[dtype as FloatType];
    if (!type) {
      others[name] = dtype;
      continue;
    }
    if (to - from !== sizeOf(shape) * type.bytes) throw broken(`tensor "${name}" [${shape}] has ${to - from} bytes`);
    tensors[name] = { shape, values: type.decode(await bytesAt(handle, start + from, to - from)) };
  }
  return { tensors, metadata: metadata as Record<string, string>, others };
}

/** A buffer of its own, so that its start suits every type of number. */
async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.from(new ArrayBuffer(length));
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw new Error(`the file ended at byte ${position + done} while it was read`);
    done += bytesRead;
  }
  return buffer;
}

function parseHeader(text: string, broken: (why: string) => Error): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(broken('its header is no JSON'), { cause });
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** float32 values as bytes; little-endian, like every machine that Node runs TensorFlow.js on. */
function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
