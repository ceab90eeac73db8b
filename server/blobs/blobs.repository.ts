import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import { Blob } from './blob.entity.js';

/** Nothing refers to the blob `b`, and no report is about to name it. Lists every column that can. */
const UNREFERENCED = `
  NOT EXISTS (SELECT FROM samples s WHERE s.sha256 = b.sha256)
  AND NOT EXISTS (SELECT FROM sample_images i WHERE i.input_sha256 = b.sha256)
  AND NOT EXISTS (SELECT FROM sample_images i WHERE i.ground_truth_sha256 = b.sha256)
  AND NOT EXISTS (SELECT FROM checkpoints c WHERE c.sha256 = b.sha256)
  AND NOT EXISTS (SELECT FROM blob_uploads u WHERE u.sha256 = b.sha256 AND u.named_at IS NULL)`;

export class BlobsRepository {
  constructor(private readonly dataSource: DataSource) {}

  find(sha256: string): Promise<Blob | null> {
    return this.dataSource.getRepository(Blob).findOneBy({ sha256 });
  }

  /** Those of the blobs that are stored. */
  async existing(transaction: Transaction, hashes: readonly string[]): Promise<Blob[]> {
    return transaction
      .createQueryBuilder(Blob, 'blob')
      .where('blob.sha256 = ANY(:hashes)', { hashes: [...hashes] })
      .getMany();
  }

  /** Marks the blob as uploaded again. False if it is not stored. */
  async touch(sha256: string): Promise<boolean> {
    const [, count] = await this.dataSource.query<[unknown, number]>(
      '/* touchBlob */ UPDATE blobs SET uploaded_at = now() WHERE sha256 = $1',
      [sha256],
    );
    return count > 0;
  }

  /** Inserts the blob's row. False if another upload has stored the blob, with its chunks, in the meantime. */
  async insert(transaction: Transaction, blob: Omit<Blob, 'uploadedAt'>): Promise<boolean> {
    const [row] = await transaction.query<{ created: boolean }[]>(
      `/* insertBlob */ INSERT INTO blobs (sha256, content_type, bytes) VALUES ($1, $2, $3)
       ON CONFLICT (sha256) DO UPDATE SET uploaded_at = now() RETURNING xmax = 0 AS created`,
      [blob.sha256, blob.contentType, blob.bytes],
    );
    return row!.created;
  }

  async insertChunk(transaction: Transaction, sha256: string, number: number, data: Buffer): Promise<void> {
    await transaction.query(
      '/* insertBlobChunk */ INSERT INTO blob_chunks (sha256, number, data) VALUES ($1, $2, $3)',
      [sha256, number, data],
    );
  }

  /** The piece with this number, from 0; null after the last one. */
  async chunk(sha256: string, number: number): Promise<Buffer | null> {
    const [row] = await this.dataSource.query<{ data: Buffer }[]>(
      '/* blobChunk */ SELECT data FROM blob_chunks WHERE sha256 = $1 AND number = $2',
      [sha256, number],
    );
    return row?.data ?? null;
  }

  /**
   * Deletes blobs that nothing refers to and that were last uploaded at least this many seconds ago. Returns how many.
   * Candidates are locked first and then checked again. So a report that refers to one of them either waits for the lock,
   * or is visible to the second check.
   */
  async deleteOrphans(transaction: Transaction, sentBeforeSeconds: number): Promise<number> {
    const candidates = await transaction.query<{ sha256: string }[]>(
      `/* lockOrphans */ SELECT b.sha256 FROM blobs b
       WHERE b.uploaded_at <= now() - make_interval(secs => $1) AND ${UNREFERENCED} FOR UPDATE SKIP LOCKED`,
      [sentBeforeSeconds],
    );
    const [, count] = await transaction.query<[unknown, number]>(
      `/* deleteOrphans */ DELETE FROM blobs b WHERE b.sha256 = ANY ($1) AND ${UNREFERENCED}`,
      [candidates.map(({ sha256 }) => sha256)],
    );
    return count;
  }
}
