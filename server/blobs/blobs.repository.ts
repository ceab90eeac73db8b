import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import { Blob } from './blob.entity.js';

/** Nothing refers to the blob `b`, and no report is about to name it. Lists every column that can. */
const UNREFERENCED = `
  NOT EXISTS (SELECT FROM samples s WHERE s.sha256 = b.sha256)
  AND NOT EXISTS (SELECT FROM sample_images i WHERE i.input_sha256 = b.sha256)
  AND NOT EXISTS (SELECT FROM sample_images i WHERE i.ground_truth_sha256 = b.sha256)
  AND NOT EXISTS (SELECT FROM review_pictures p WHERE p.sha256 = b.sha256)
  AND NOT EXISTS (SELECT FROM checkpoints c WHERE c.sha256 = b.sha256)
  AND NOT EXISTS (SELECT FROM blob_uploads u WHERE u.sha256 = b.sha256 AND u.named_at IS NULL)`;

/** How many candidates one transaction looks at: it locks their blobs. */
const BATCH = 200;

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

  /** The size of a stored blob; null if there is none. Waits for a collection that is about to delete it. */
  async size(sha256: string): Promise<number | null> {
    const [row] = await this.dataSource.query<{ bytes: number }[]>(
      '/* sizeOfBlob */ SELECT bytes FROM blobs WHERE sha256 = $1 FOR KEY SHARE',
      [sha256],
    );
    return row?.bytes ?? null;
  }

  /** Keeps a blob for another day, although nothing may refer to it. */
  async postpone(sha256: string): Promise<void> {
    await this.dataSource.query(
      `/* postponeCollection */ INSERT INTO blob_candidates AS known (content, due)
       SELECT content, now() + interval '24 hours' FROM blobs WHERE sha256 = $1
       ON CONFLICT (content) DO UPDATE SET due = greatest(known.due, excluded.due)`,
      [sha256],
    );
  }

  /**
   * Makes a complete content a blob. If another upload has stored the blob in the meantime, that one stays, and the content
   * becomes a candidate. Returns whether the blob is new.
   */
  async publish(transaction: Transaction, blob: Blob): Promise<boolean> {
    // The update locks the blob: the collector may be about to delete it.
    const [row] = await transaction.query<{ content: string }[]>(
      `/* publishBlob */ INSERT INTO blobs (sha256, content_type, bytes, content) VALUES ($1, $2, $3, $4)
       ON CONFLICT (sha256) DO UPDATE SET bytes = blobs.bytes RETURNING content`,
      [blob.sha256, blob.contentType, blob.bytes, blob.content],
    );
    if (row!.content === blob.content) return true;
    await this.discard(transaction, blob.content);
    return false;
  }

  /** Makes the bytes of an upload, if there are any, a candidate: another upload has stored its blob. */
  async discard(transaction: Transaction, content: string): Promise<void> {
    await transaction.query(
      `/* redundantContent */ INSERT INTO blob_candidates (content, due)
       SELECT $1, now() WHERE EXISTS (SELECT FROM blob_chunks WHERE content = $1) ON CONFLICT (content) DO NOTHING`,
      [content],
    );
  }

  /**
   * Looks at some of the candidates that are due, and deletes the contents that belong to no blob and no upload, or to a blob
   * that nothing refers to. Returns how many, and whether there may be more.
   * Blobs are locked first and then checked again. So a report that refers to one of them either waits for the lock, or is
   * visible to the second check. A blob that somebody else has locked stays a candidate.
   */
  async collect(transaction: Transaction): Promise<{ deleted: number; more: boolean }> {
    const candidates = await transaction.query<{ content: string }[]>(
      `/* dueCandidates */ SELECT content FROM blob_candidates WHERE due <= now() ORDER BY due LIMIT ${BATCH}
       FOR UPDATE SKIP LOCKED`,
    );
    const due = candidates.map(({ content }) => content);
    const locked = await transaction.query<{ sha256: string }[]>(
      '/* lockCandidates */ SELECT b.sha256 FROM blobs b WHERE b.content = ANY ($1) FOR UPDATE SKIP LOCKED',
      [due],
    );
    const hashes = locked.map(({ sha256 }) => sha256);
    await transaction.query(
      `/* deleteUnreferenced */ DELETE FROM blobs b WHERE b.sha256 = ANY ($1) AND ${UNREFERENCED}`,
      [hashes],
    );
    const contents = await transaction.query<[{ content: string }[], number]>(
      `/* deleteChunks */ WITH gone AS (
         SELECT content FROM unnest($1::text[]) AS content WHERE NOT EXISTS (SELECT FROM blobs b WHERE b.content = content.content)
           AND NOT EXISTS (SELECT FROM blob_uploads u WHERE u.id::text = content.content AND u.completed_at IS NULL)),
         deleted AS (DELETE FROM blob_chunks c USING gone WHERE c.content = gone.content)
       DELETE FROM blob_candidates k USING gone WHERE k.content = gone.content RETURNING k.content`,
      [due],
    );
    const [, kept] = await transaction.query<[unknown, number]>(
      `/* keptCandidates */ DELETE FROM blob_candidates k USING blobs b
       WHERE k.content = ANY ($1) AND b.content = k.content AND b.sha256 = ANY ($2)`,
      [due, hashes],
    );
    return { deleted: contents[1], more: due.length === BATCH && contents[1] + kept > 0 };
  }
}
