import { type FileHandle, open, rename, writeFile } from 'node:fs/promises';
import { FLOAT_TYPES, type FloatType } from './float-types.js';

/**
 * The safetensors format (huggingface/safetensors): a little-endian u64 header length, a JSON header that maps names to
 * dtype, shape and byte offsets, then the values. Reads F32, F16 and BF16; writes F32.
 */
export interface TensorFile {
  tensors: Record<string, { shape: number[]; values: Float32Array }>;
  /** Free text by key. */
  metadata: Record<string, string>;
}

export interface TensorFileRead extends TensorFile {
  /** Types, by name, of tensors that are not read: all but float32, float16 and bfloat16, such as I64 counters. */
  others: Record<string, string>;
}

/** A tensor whose values are produced only when they are written, so that a large file is never in memory twice. */
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
/** The limit of the format's reference implementation. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Writes float32 tensors. The file appears under its name only when it is complete.
 * @throws Error when the number of values of a source does not match its shape, or the disk is full.
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
  // Spaces after the header align the values to 8 bytes, as the format requires.
  const padded = Buffer.concat([text, Buffer.alloc((LENGTH_BYTES - (text.length % LENGTH_BYTES)) % LENGTH_BYTES, ' ')]);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(padded.length));

  const partial = `${file}.partial`;
  const handle = await open(partial, 'w');
  try {
    // Write the chunks one by one. On a full disk, a single vectored write may stop early without an error.
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
    if (made.length !== sizeOf(shape))
      throw new Error(`tensor "${name}" of shape [${shape}] got ${made.length} values, expected ${sizeOf(shape)}`);
    yield bytesOf(made);
  }
}

/** @throws Error when the file is truncated or not a safetensors file. The message says where it ends. */
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
  if (size < LENGTH_BYTES) throw broken(`it has only ${size} bytes`);
  const headerBytes = Number((await bytesAt(handle, 0, LENGTH_BYTES)).readBigUInt64LE());
  const start = LENGTH_BYTES + headerBytes;
  if (start > size) throw broken(`its header ends at byte ${start}, but the file has ${size} bytes`);
  if (headerBytes > MAX_HEADER_BYTES)
    throw broken(`its header has ${headerBytes} bytes, more than the limit of ${MAX_HEADER_BYTES}`);
  const text = (await bytesAt(handle, LENGTH_BYTES, headerBytes)).toString('utf8');
  const { [METADATA_KEY]: metadata = {}, ...entries } = parseHeader(text, broken);

  const tensors: TensorFile['tensors'] = {};
  const others: Record<string, string> = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries as Record<string, Entry>)) {
    const [from, to] = data_offsets;
    if (start + to > size) throw broken(`tensor "${name}" ends at byte ${start + to}, but the file has ${size} bytes`);
    const type = FLOAT_TYPES[dtype as FloatType];
    if (!type) {
      others[name] = dtype;
      continue;
    }
    const expected = sizeOf(shape) * type.bytes;
    if (to - from !== expected)
      throw broken(`tensor "${name}" of shape [${shape}] has ${to - from} bytes, expected ${expected}`);
    tensors[name] = { shape, values: type.decode(await bytesAt(handle, start + from, to - from)) };
  }
  return { tensors, metadata: metadata as Record<string, string>, others };
}

/** Reads into a new buffer, so that its start is aligned for every number type. */
async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.from(new ArrayBuffer(length));
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw new Error(`the file ended at byte ${position + done} while it was being read`);
    done += bytesRead;
  }
  return buffer;
}

function parseHeader(text: string, broken: (why: string) => Error): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(broken('its header is not JSON'), { cause });
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** The bytes of float32 values: little-endian, like every machine on which TensorFlow.js runs in Node. */
function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
