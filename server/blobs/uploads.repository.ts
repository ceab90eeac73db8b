import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import { BlobUpload } from './blob-upload.entity.js';

export type NewUpload = Pick<BlobUpload, 'sha256' | 'contentType' | 'bytes' | 'runnerId' | 'attemptId' | 'step'>;

/** An upload stays valid this long after its attempt has ended: the run may end while a checkpoint is being sent. */
const VALID_HOURS_AFTER_END = 24;
/** An unfinished upload that got no bytes for this long is deleted, with its bytes. */
const UNTOUCHED_HOURS = 24;
/** An upload that got no bytes for this long was given up. Only its bytes still count, although it can be completed. */
const GIVEN_UP_AFTER_MINUTES = 15;

const STILL_VALID = `(a.state = 'ACTIVE' OR a.finished_at > now() - interval '${VALID_HOURS_AFTER_END} hours')`;

export class UploadsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Locks the runner's row, so that its uploads are opened one after another. Returns the protocol that it speaks. */
  async lockRunner(transaction: Transaction, runnerId: string): Promise<number> {
    const [row] = await transaction.query<{ protocol_version: number }[]>(
      '/* lockUploader */ SELECT protocol_version FROM runners WHERE id = $1 FOR UPDATE',
      [runnerId],
    );
    return row!.protocol_version;
  }

  async holds(transaction: Transaction, runnerId: string, attemptId: string, fence: number): Promise<boolean> {
    const rows = await transaction.query<unknown[]>(
      `/* holdsAttempt */ SELECT FROM attempts WHERE id = $1 AND runner_id = $2 AND fence = $3 AND state = 'ACTIVE'`,
      [attemptId, runnerId, fence],
    );
    return rows.length > 0;
  }

  /** Whether the runner has an attempt, or had one that ended less than 24 hours ago. */
  async heldRecently(transaction: Transaction, runnerId: string): Promise<boolean> {
    const rows = await transaction.query<unknown[]>(
      `/* heldRecently */ SELECT FROM attempts a WHERE a.runner_id = $1 AND ${STILL_VALID} LIMIT 1`,
      [runnerId],
    );
    return rows.length > 0;
  }

  /**
   * The bytes of the runner's uploads that no report has named yet: the announced ones or, of an upload that was given up,
   * those that were sent.
   * @param but the id of an upload that is left out
   */
  async waitingBytes(transaction: Transaction, runnerId: string, but: string | null = null): Promise<number> {
    const [row] = await transaction.query<{ bytes: number }[]>(
      `/* waitingBytes */ SELECT coalesce(sum(CASE
         WHEN touched_at > now() - interval '${GIVEN_UP_AFTER_MINUTES} minutes' THEN bytes ELSE received
       END), 0)::bigint AS bytes
       FROM blob_uploads WHERE runner_id = $1 AND named_at IS NULL AND id IS DISTINCT FROM $2`,
      [runnerId, but],
    );
    return row!.bytes;
  }

  /**
   * Whether the runner has at least this many uploads that no report has named yet. Uploads that were given up count too,
   * because their rows stay for a day.
   */
  async hasWaiting(transaction: Transaction, runnerId: string, uploads: number): Promise<boolean> {
    const rows = await transaction.query<unknown[]>(
      `/* hasWaiting */ SELECT FROM blob_uploads WHERE runner_id = $1 AND named_at IS NULL OFFSET $2 LIMIT 1`,
      [runnerId, uploads - 1],
    );
    return rows.length > 0;
  }

  /** The upload of this blob that the attempt has announced before, as long as it is valid. */
  announced(
    transaction: Transaction,
    { runnerId, attemptId, fence, sha256 }: { runnerId: string; attemptId: string; fence: number; sha256: string },
  ): Promise<BlobUpload | null> {
    return transaction
      .createQueryBuilder(BlobUpload, 'upload')
      .where('upload.attempt_id = :attemptId AND upload.sha256 = :sha256', { attemptId, sha256 })
      .andWhere(
        `EXISTS (SELECT FROM attempts a WHERE a.id = upload.attempt_id AND a.runner_id = :runnerId AND a.fence = :fence
           AND ${STILL_VALID})`,
        { runnerId, fence },
      )
      .getOne();
  }

  async insert(transaction: Transaction, upload: NewUpload): Promise<BlobUpload> {
    const { identifiers } = await transaction.getRepository(BlobUpload).insert(upload);
    return transaction.getRepository(BlobUpload).findOneByOrFail({ id: identifiers[0]!.id as string });
  }

  /** The runner's upload with this id, as long as it is valid. */
  find(id: string, runnerId: string): Promise<BlobUpload | null> {
    return this.dataSource
      .createQueryBuilder(BlobUpload, 'upload')
      .where('upload.id = :id AND upload.runner_id = :runnerId', { id, runnerId })
      .andWhere(`EXISTS (SELECT FROM attempts a WHERE a.id = upload.attempt_id AND ${STILL_VALID})`)
      .getOne();
  }

  async touch(id: string, transaction: Transaction = this.dataSource.manager): Promise<void> {
    await transaction.getRepository(BlobUpload).update({ id }, { touchedAt: () => 'now()' });
  }

  /** Marks an upload as complete. False if it was deleted in the meantime. */
  async complete(transaction: Transaction, id: string, bytes: number): Promise<boolean> {
    const [, count] = await transaction.query<[unknown, number]>(
      `/* completeUpload */ UPDATE blob_uploads SET bytes = $2, received = $2, completed_at = now(), touched_at = now(),
         writer = NULL, writer_until = NULL WHERE id = $1`,
      [id, bytes],
    );
    return count > 0;
  }

  async delete(id: string, transaction: Transaction = this.dataSource.manager): Promise<void> {
    await transaction.getRepository(BlobUpload).delete({ id });
  }

  /** Those of the blobs that were neither uploaded for this attempt nor already belong to its run. */
  async foreign(
    transaction: Transaction,
    attempt: { id: string; runId: string; runnerId: string | null },
    hashes: readonly string[],
  ): Promise<string[]> {
    const rows = await transaction.query<{ sha256: string }[]>(
      `/* foreignBlobs */ SELECT named.sha256 FROM unnest($1::text[]) AS named (sha256)
       WHERE NOT EXISTS (SELECT FROM blob_uploads u WHERE u.sha256 = named.sha256 AND u.completed_at IS NOT NULL
           AND (u.attempt_id = $2 OR (u.attempt_id IS NULL AND u.runner_id = $3)))
         AND NOT EXISTS (SELECT FROM samples s WHERE s.sha256 = named.sha256 AND s.run_id = $4)
         AND NOT EXISTS (SELECT FROM sample_images i WHERE i.input_sha256 = named.sha256 AND i.run_id = $4)
         AND NOT EXISTS (SELECT FROM sample_images i WHERE i.ground_truth_sha256 = named.sha256 AND i.run_id = $4)
         AND NOT EXISTS (SELECT FROM review_pictures p WHERE p.sha256 = named.sha256 AND p.run_id = $4)
         AND NOT EXISTS (SELECT FROM checkpoints c WHERE c.sha256 = named.sha256 AND c.run_id = $4)`,
      [hashes, attempt.id, attempt.runnerId, attempt.runId],
    );
    return rows.map(({ sha256 }) => sha256);
  }

  /** Notes that a report of the attempt names these blobs. */
  async markNamed(
    transaction: Transaction,
    attempt: { id: string; runnerId: string | null },
    hashes: readonly string[],
  ): Promise<void> {
    await transaction.query(
      `/* markNamed */ UPDATE blob_uploads SET named_at = now() WHERE named_at IS NULL AND sha256 = ANY ($1)
         AND (attempt_id = $2 OR (attempt_id IS NULL AND runner_id = $3))`,
      [hashes, attempt.id, attempt.runnerId],
    );
  }

  /** Whether the attempt has sent this blob as its checkpoint of this step. */
  async hasSentCheckpoint(transaction: Transaction, attemptId: string, sha256: string, step: number): Promise<boolean> {
    const rows = await transaction.query<unknown[]>(
      `/* hasSentCheckpoint */ SELECT FROM blob_uploads
       WHERE attempt_id = $1 AND sha256 = $2 AND step = $3 AND completed_at IS NOT NULL`,
      [attemptId, sha256, step],
    );
    return rows.length > 0;
  }

  /** Deletes uploads that are no longer valid, and unfinished ones that got no bytes for a day. Returns how many. */
  async deleteExpired(transaction: Transaction): Promise<number> {
    const [, count] = await transaction.query<[unknown, number]>(
      `/* deleteExpiredUploads */ DELETE FROM blob_uploads u
       WHERE (u.attempt_id IS NULL OR u.completed_at IS NULL)
           AND u.touched_at < now() - interval '${UNTOUCHED_HOURS} hours'
         OR u.attempt_id IS NOT NULL AND NOT EXISTS (SELECT FROM attempts a WHERE a.id = u.attempt_id AND ${STILL_VALID})`,
    );
    return count;
  }
}
