import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DataSource } from 'typeorm';
import { inTransaction, type Transaction, withoutTimeLimit } from '../database/transaction.js';
import { badUserInput } from '../graphql/errors.js';
import type { Blob } from './blob.entity.js';
import { BlobTooLarge, WrongHash } from './blobs.errors.js';
import type { BlobsRepository } from './blobs.repository.js';

const CHUNK_BYTES = 1024 * 1024;
/** Nothing refers to an upload until the runner reports it. A day, because the server may be down in between. */
const UPLOAD_GRACE_SECONDS = 24 * 3600;
/** Hashes to list in a message. */
const MAX_LISTED = 5;

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
    const maxBytes = Number.POSITIVE_INFINITY;
    this.limits = { maxBytes, uploadGraceSeconds: UPLOAD_GRACE_SECONDS, ...deps.limits };
  }

  find(sha256: string): Promise<Blob | null> {
    return this.deps.repository.find(sha256);
  }

  /** Marks the blob as uploaded again, which protects it from collection for a while. False if it is not stored. */
  touch(sha256: string): Promise<boolean> {
    return this.deps.repository.touch(sha256);
  }

  /**
   * Stores the bytes under their hash. They are new if they were not stored before. They go to a temporary file first, so
   * that a slow upload does not hold a database connection, and a wrong or interrupted one leaves nothing behind.
   * @param most receives no more than this many bytes
   * @param announced how many there must be; null if any number is right
   * @throws WrongHash if the bytes have another hash; BAD_USER_INPUT if there are fewer than announced; BlobTooLarge
   */
  async store(
    sha256: string,
    contentType: string,
    bytes: Readable,
    most = this.limits.maxBytes,
    announced: number | null = null,
  ): Promise<{ isNew: boolean; bytes: number }> {
    const directory = await mkdtemp(join(tmpdir(), 'crosscheck-blob-'));
    try {
      const file = join(directory, 'blob');
      const received = await this.receive(bytes, file, most);
      if (announced !== null && received.bytes !== announced) {
        throw badUserInput(`blob ${sha256} was announced with ${announced} bytes, but ${received.bytes} were sent`);
      }
      if (received.sha256 !== sha256) throw new WrongHash(sha256, received.sha256);
      const isNew = await inTransaction(this.deps.dataSource, (transaction) =>
        this.write(transaction, { sha256, contentType, bytes: received.bytes }, file),
      );
      return { isNew, bytes: received.bytes };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** The bytes of a stored blob, one chunk at a time. */
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

  /** The blobs with these hashes. @throws BAD_USER_INPUT that lists the hashes of blobs that were not uploaded */
  async require(transaction: Transaction, hashes: readonly string[]): Promise<Map<string, Blob>> {
    const found = await this.deps.repository.existing(transaction, hashes);
    const byHash = new Map(found.map((blob) => [blob.sha256, blob]));
    const missing = [...new Set(hashes)].filter((hash) => !byHash.has(hash));
    if (missing.length === 0) return byHash;
    const listed = missing.slice(0, MAX_LISTED).map((hash) => hash.slice(0, 64));
    const more = missing.length > MAX_LISTED ? ` and ${missing.length - MAX_LISTED} more` : '';
    throw badUserInput(
      `not uploaded: ${listed.join(', ')}${more}; send the bytes before the report that names the blob`,
    );
  }

  /** Deletes blobs that are no longer referenced, in a transaction of its own. Returns how many. */
  collect(): Promise<number> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      await withoutTimeLimit(transaction);
      return this.collectOrphans(transaction);
    });
  }

  /** The same, within the caller's transaction. Keeps recent uploads: their report may still be on its way. */
  collectOrphans(transaction: Transaction): Promise<number> {
    return this.deps.repository.deleteOrphans(transaction, this.limits.uploadGraceSeconds);
  }

  private async receive(source: Readable, file: string, most: number): Promise<{ sha256: string; bytes: number }> {
    const hash = createHash('sha256');
    let bytes = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (bytes > most) return done(new BlobTooLarge(most));
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
