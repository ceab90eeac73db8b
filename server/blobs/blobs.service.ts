import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DataSource } from 'typeorm';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { badUserInput } from '../graphql/errors.js';
import type { Blob } from './blob.entity.js';
import { BlobTooLarge } from './blobs.errors.js';
import type { BlobsRepository } from './blobs.repository.js';

const CHUNK_BYTES = 1024 * 1024;
const MAX_BLOB_BYTES = 1024 ** 3;
/** A runner uploads a blob and then reports it; until then nothing names it. A day, because the server may be away between. */
const UPLOAD_GRACE_SECONDS = 24 * 3600;

export interface BlobLimits {
  maxBytes: number;
  uploadGraceSeconds: number;
}

export class BlobsService {
  readonly limits: BlobLimits;

  constructor(
    private readonly deps: {
      dataSource: DataSource;
      repository: BlobsRepository;
      limits?: Partial<BlobLimits>;
    },
  ) {
    this.limits = { maxBytes: MAX_BLOB_BYTES, uploadGraceSeconds: UPLOAD_GRACE_SECONDS, ...deps.limits };
  }

  find(sha256: string): Promise<Blob | null> {
    return this.deps.repository.find(sha256);
  }

  /** Marks the blob as sent again, which keeps it from being collected for a while; false when it is not there. */
  touch(sha256: string): Promise<boolean> {
    return this.deps.repository.touch(sha256);
  }

  /**
   * Stores the bytes under their hash; false when they are there already. They go to a temporary file first, so that a
   * slow upload holds no database connection and a wrong or broken one leaves nothing behind.
   * Throws BAD_USER_INPUT for another hash and BlobTooLarge above the limit.
   */
  async store(sha256: string, contentType: string, bytes: Readable): Promise<boolean> {
    const directory = await mkdtemp(join(tmpdir(), 'crosscheck-blob-'));
    try {
      const file = join(directory, 'blob');
      const received = await this.receive(bytes, file);
      if (received.sha256 !== sha256) {
        throw badUserInput(`the bytes sent to /blobs/${sha256} have the SHA-256 ${received.sha256}`);
      }
      return await inTransaction(this.deps.dataSource, (transaction) =>
        this.write(transaction, { sha256, contentType, bytes: received.bytes }, file),
      );
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** The bytes of a stored blob, a chunk at a time. */
  read(sha256: string): Readable {
    const { repository } = this.deps;
    return Readable.from(
      (async function* () {
        for (let number = 0; ; number++) {
          const chunk = await repository.chunk(sha256, number);
          if (!chunk) return;
          yield chunk;
        }
      })(),
    );
  }

  /** The named blobs by hash; throws BAD_USER_INPUT that lists those which were not uploaded. */
  async require(transaction: Transaction, hashes: readonly string[]): Promise<Map<string, Blob>> {
    const found = await this.deps.repository.existing(transaction, hashes);
    const byHash = new Map(found.map((blob) => [blob.sha256, blob]));
    const missing = [...new Set(hashes)].filter((hash) => !byHash.has(hash));
    if (missing.length === 0) return byHash;
    throw badUserInput(
      `not uploaded: ${missing.join(', ')}; PUT /blobs/<sha256> comes before the report that names it`,
    );
  }

  /** Deletes what nothing names any more within a transaction of its own; answers how many. */
  collect(): Promise<number> {
    return inTransaction(this.deps.dataSource, (transaction) => this.collectOrphans(transaction));
  }

  /** The same within the caller's transaction. What was sent a moment ago stays: its report may be on the way. */
  collectOrphans(transaction: Transaction): Promise<number> {
    return this.deps.repository.deleteOrphans(transaction, this.limits.uploadGraceSeconds);
  }

  private async receive(source: Readable, file: string): Promise<{ sha256: string; bytes: number }> {
    const hash = createHash('sha256');
    const { maxBytes } = this.limits;
    let bytes = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (bytes > maxBytes) return done(new BlobTooLarge(maxBytes));
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(source, meter, createWriteStream(file));
    return { sha256: hash.digest('hex'), bytes };
  }

  private async write(transaction: Transaction, blob: Omit<Blob, 'uploadedAt'>, file: string): Promise<boolean> {
    if (!(await this.deps.repository.insert(transaction, blob))) return false;
    let number = 0;
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
      await this.deps.repository.insertChunk(transaction, blob.sha256, number++, chunk as Buffer);
    }
    return true;
  }
}
