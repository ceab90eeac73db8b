import { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { inTransaction, type Transaction, withoutTimeLimit } from '../database/transaction.js';
import { refusal } from '../graphql/errors.js';
import type { Blob } from './blob.entity.js';
import type { BlobsRepository } from './blobs.repository.js';
import type { ContentsRepository } from './contents.repository.js';

/** Hashes to list in a message. */
const MAX_LISTED = 5;

/** The blobs that are stored. uploads.service.ts stores them. */
export class BlobsService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      repository: BlobsRepository;
      contents: ContentsRepository;
    },
  ) {}

  find(sha256: string): Promise<Blob | null> {
    return this.deps.repository.find(sha256);
  }

  /** The bytes of a stored blob from `from` up to and including `to`, one chunk at a time. */
  read({ content, bytes }: Blob, from = 0, to = bytes - 1): Readable {
    return Readable.from(this.deps.contents.read(content, from, to));
  }

  /** The blobs with these hashes. @throws BAD_USER_INPUT that lists the hashes of blobs that were not uploaded */
  async require(transaction: Transaction, hashes: readonly string[]): Promise<Map<string, Blob>> {
    const found = await this.deps.repository.existing(transaction, hashes);
    const byHash = new Map(found.map((blob) => [blob.sha256, blob]));
    const missing = [...new Set(hashes)].filter((hash) => !byHash.has(hash));
    if (missing.length === 0) return byHash;
    const listed = missing.slice(0, MAX_LISTED).map((hash) => hash.slice(0, 64));
    throw refusal('BLOBS_MISSING', { hashes: listed, count: missing.length });
  }

  /** Deletes blobs that are no longer referenced, and the bytes of deleted uploads. Returns how many. */
  async collect(): Promise<number> {
    let count = 0;
    for (let more = true; more; ) {
      const found = await inTransaction(this.deps.dataSource, async (transaction) => {
        await withoutTimeLimit(transaction);
        return this.deps.repository.collect(transaction);
      });
      count += found.deleted;
      more = found.more;
    }
    return count;
  }
}
