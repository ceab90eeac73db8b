import { type FileHandle, open, rename, rm, writeFile } from 'node:fs/promises';
import { FLOAT_TYPES, type FloatType } from './float-types.js';
import { METADATA_KEY, readTensorHeader } from './tensor-header.js';

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

const LENGTH_BYTES = 8;
/** A header of this size describes more than 100,000 tensors. The format allows 100 MB, which take seconds to read. */
const MAX_HEADER_BYTES = 16 * 1024 ** 2;

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
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes] };
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
  } catch (error) {
    // On a full disk, a part of a file would be in the way of everything else.
    await rm(partial, { force: true });
    throw error;
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

/**
 * Reads a file from anybody: nothing in it is believed before it is checked, and its tensors take at most twice as much
 * memory as the file has bytes (float16 values become float32).
 * @throws Error when the file is truncated or not a valid safetensors file. The message says why.
 */
export async function readTensorFile(file: string): Promise<TensorFileRead> {
  const handle = await open(file);
  try {
    return await read(handle, (why) => new Error(`${file} is not a valid safetensors file: ${why}`));
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
  const { entries, metadata } = readTensorHeader(text, size - start, broken);

  // Without a prototype, so that a tensor may have any name.
  const tensors: TensorFile['tensors'] = Object.create(null);
  const others: Record<string, string> = Object.create(null);
  for (const [name, { dtype, shape, offsets }] of entries) {
    const [from, to] = offsets;
    if (!Object.hasOwn(FLOAT_TYPES, dtype)) others[name] = dtype;
    else {
      const { decode } = FLOAT_TYPES[dtype as FloatType];
      tensors[name] = { shape, values: decode(await bytesAt(handle, start + from, to - from)) };
    }
  }
  return { tensors, metadata, others };
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

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** The bytes of float32 values: little-endian, like every machine on which TensorFlow.js runs in Node. */
function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
