import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { CHUNK_BYTES } from './blob.entity.js';
import { BlobTooLarge, Locked } from './blobs.errors.js';
import type { ContentsRepository } from './contents.repository.js';

/** Bytes that trickle in are stored at least this often, even if they do not fill a chunk. */
const FLUSH_MS = 5_000;

export interface Writing {
  /** The upload. */
  id: string;
  /** The request that may append. */
  writer: string;
  /** Where the bytes of the source begin. */
  offset: number;
  /** The size of the upload: more is refused. */
  size: number;
}

/**
 * Appends what a request sends to an upload: each chunk when it is full, and the rest when the request ends or is cut off, so
 * that every connection makes progress. Returns the new offset, and the SHA-256 if the bytes were received from the beginning.
 * @throws BlobTooLarge; Locked if another server has continued the upload; and whatever the source throws
 */
export async function receiveBytes(
  contents: ContentsRepository,
  { id, writer, offset, size }: Writing,
  source: Readable,
): Promise<{ offset: number; hash: Hash | null }> {
  const hash = offset === 0 ? createHash('sha256') : null;
  let stored = offset;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let flushed = Date.now();
  const flush = async (): Promise<void> => {
    const bytes = Buffer.concat(waiting);
    [waiting, waitingBytes, flushed] = [[], 0, Date.now()];
    if (bytes.length === 0) return;
    if (!(await contents.append(id, writer, stored, bytes))) throw new Locked(id);
    hash?.update(bytes);
    stored += bytes.length;
  };
  try {
    for await (const received of source) {
      let rest = received as Buffer;
      if (stored + waitingBytes + rest.length > size) throw new BlobTooLarge(size);
      while (rest.length > 0) {
        const part = rest.subarray(0, CHUNK_BYTES - ((stored + waitingBytes) % CHUNK_BYTES));
        rest = rest.subarray(part.length);
        waiting.push(part);
        waitingBytes += part.length;
        if ((stored + waitingBytes) % CHUNK_BYTES === 0 || Date.now() - flushed > FLUSH_MS) await flush();
      }
    }
  } finally {
    await flush();
  }
  return { offset: stored, hash };
}
