import type { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { inTransaction, type Transaction, withoutTimeLimit } from '../database/transaction.js';
import { notFound, refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import type { BlobUpload } from './blob-upload.entity.js';
import { BlobTooLarge, TooManyWaiting, TooMuchWaiting } from './blobs.errors.js';
import type { BlobsRepository } from './blobs.repository.js';
import type { UploadReceiver } from './upload-receiver.js';
import type { NewUpload, UploadsRepository } from './uploads.repository.js';

/** The most that older runners, which send a blob in one PUT, could always send. */
const MAX_PUT_BYTES = 1024 ** 3;

const SHA256_LENGTH = 64;
/** The first version of the runner protocol in which uploads continue. Before, each started from the beginning. */
const RESUMING_PROTOCOL = 2;
/** Hashes to list in a message. */
const MAX_LISTED = 5;

/** How much may be uploaded. */
export interface BlobLimits {
  /** Of one blob, in bytes. */
  maxBytes: number;
  /** Of one runner, in uploads that no report has named yet. */
  maxWaitingBytes: number;
  /** Of one runner, that no report has named yet. */
  maxWaitingUploads: number;
}

/** What a runner announces before it sends a blob. */
export interface Announcement {
  sha256: string;
  contentType: string;
  bytes: number;
  attemptId: string;
  fence: number;
  /** Of the checkpoint that it is; null for an image. */
  step: number | null;
}

/** Who may upload what. A blob is announced first, for an attempt that the runner holds; upload-receiver.ts receives it. */
export class UploadsService {
  constructor(
    private readonly deps: BlobLimits & {
      dataSource: DataSource;
      repository: UploadsRepository;
      blobs: BlobsRepository;
      receiver: UploadReceiver;
    },
  ) {}

  /**
   * Opens an upload, or finds the one that the attempt opened before. It is complete if the blob is already stored.
   * @throws FORBIDDEN unless the runner holds the attempt or has opened the upload before; BlobTooLarge; TooMuchWaiting;
   * TooManyWaiting; Locked or WrongHash if all bytes are there, but not yet checked
   */
  async open(runnerId: string, announcement: Announcement): Promise<BlobUpload> {
    const { sha256, bytes, attemptId } = announcement;
    if (bytes > this.deps.maxBytes) throw new BlobTooLarge(this.deps.maxBytes);
    // Before anything is counted: a dead connection may still be storing bytes.
    const known = isId(attemptId) ? await this.announced(this.deps.dataSource.manager, runnerId, announcement) : null;
    if (known) await this.deps.receiver.interrupt(known.id);
    const storedBytes = await this.deps.blobs.size(sha256);
    const upload = await inTransaction(this.deps.dataSource, async (transaction) => {
      const protocol = await this.deps.repository.lockRunner(transaction, runnerId);
      const open = isId(attemptId) ? await this.announced(transaction, runnerId, announcement) : null;
      if (open && open.bytes !== bytes) {
        throw refusal('UPLOAD_SIZE_CHANGED', { sha256, announced: open.bytes, bytes });
      }
      // A blob that nothing refers to any more may have been deleted. Then its bytes have to be sent again.
      const isGone = open?.completedAt && storedBytes === null;
      const startsAgain = protocol < RESUMING_PROTOCOL && open !== null && open.received > 0 && open.received < bytes;
      if (open && !isGone && !startsAgain) return open;
      if (!startsAgain) await this.requireHeld(transaction, runnerId, announcement);
      if (open) await this.deps.repository.delete(open.id, transaction);
      const { fence: _fence, ...blob } = announcement;
      return this.insert(transaction, { ...blob, runnerId });
    });
    return this.settle(upload);
  }

  /** The runner's upload, as far as it is stored. @throws NOT_FOUND; Locked or WrongHash, like `open` */
  async look(id: string, runnerId: string): Promise<BlobUpload> {
    await this.deps.receiver.interrupt((await this.find(id, runnerId)).id);
    const upload = await this.find(id, runnerId);
    return upload.completedAt ? upload : this.settle(upload);
  }

  /** The runner's upload. @throws NOT_FOUND */
  async find(id: string, runnerId: string): Promise<BlobUpload> {
    const upload = isId(id) ? await this.deps.repository.find(id, runnerId) : null;
    if (!upload) throw notFound('upload', id);
    return upload;
  }

  /**
   * Appends bytes to an upload and returns the new offset.
   * @throws what UploadReceiver.receive does; TooMuchWaiting
   */
  async receive(upload: BlobUpload, offset: number, source: Readable): Promise<number> {
    await this.resume(upload);
    return (await this.deps.receiver.receive(upload, offset, source)).offset;
  }

  /**
   * Stores a blob that an older runner sends in one PUT. Returns whether it is new.
   * @param declared its Content-Length; null if the runner did not say
   * @throws FORBIDDEN unless the runner holds an attempt, or held one until less than 24 hours ago
   */
  async put(
    runnerId: string,
    blob: { sha256: string; contentType: string },
    declared: number | null,
    source: Readable,
  ): Promise<boolean> {
    const most = Math.min(MAX_PUT_BYTES, this.deps.maxBytes);
    if (declared !== null && declared > most) throw new BlobTooLarge(most);
    const upload = await inTransaction(this.deps.dataSource, async (transaction) => {
      await this.deps.repository.lockRunner(transaction, runnerId);
      if (!(await this.deps.repository.heldRecently(transaction, runnerId))) {
        throw refusal('UPLOAD_WITHOUT_ATTEMPT');
      }
      return this.insert(transaction, { ...blob, bytes: declared ?? most, runnerId, attemptId: null, step: null });
    });
    try {
      const stored = await this.deps.blobs.size(blob.sha256);
      if (stored !== null) return await this.deps.receiver.complete(upload, stored, false);
      return (await this.deps.receiver.receive(upload, 0, source, declared)).isNew!;
    } catch (error) {
      await this.deps.repository.delete(upload.id);
      throw error;
    }
  }

  /**
   * Checks the blobs that a report of the attempt names, within the caller's transaction.
   * @throws BAD_USER_INPUT for those that were neither uploaded for the attempt nor belong to its run
   */
  async requireFor(
    transaction: Transaction,
    attempt: { id: string; runId: string; runnerId: string | null },
    hashes: readonly string[],
  ): Promise<void> {
    if (hashes.length === 0) return;
    const foreign = await this.deps.repository.foreign(transaction, attempt, hashes);
    if (foreign.length > 0) {
      const hashes = foreign.slice(0, MAX_LISTED).map((hash) => hash.slice(0, SHA256_LENGTH));
      throw refusal('BLOBS_NOT_UPLOADED', { hashes });
    }
    await this.deps.repository.markNamed(transaction, attempt, hashes);
  }

  /** Whether the attempt has sent this blob as its checkpoint of this step. */
  hasSentCheckpoint(transaction: Transaction, attemptId: string, sha256: string, step: number): Promise<boolean> {
    return this.deps.repository.hasSentCheckpoint(transaction, attemptId, sha256, step);
  }

  /** Deletes uploads that are no longer valid. Their bytes are collected like those of unreferenced blobs. */
  deleteExpired(): Promise<number> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      await withoutTimeLimit(transaction);
      return this.deps.repository.deleteExpired(transaction);
    });
  }

  private announced(transaction: Transaction, runnerId: string, { attemptId, fence, sha256 }: Announcement) {
    return this.deps.repository.announced(transaction, { runnerId, attemptId, fence, sha256 });
  }

  private async requireHeld(transaction: Transaction, runnerId: string, { attemptId, fence }: Announcement) {
    if (isId(attemptId) && (await this.deps.repository.holds(transaction, runnerId, attemptId, fence))) return;
    throw refusal('ATTEMPT_NOT_HELD', { attemptId });
  }

  private async insert(transaction: Transaction, upload: NewUpload): Promise<BlobUpload> {
    const { repository, maxWaitingUploads } = this.deps;
    this.checkQuota(await repository.waitingBytes(transaction, upload.runnerId), upload.bytes);
    if (await repository.hasWaiting(transaction, upload.runnerId, maxWaitingUploads)) {
      throw new TooManyWaiting(maxWaitingUploads);
    }
    return this.deps.repository.insert(transaction, upload);
  }

  /** Counts an upload again that was given up: the runner may have announced others since. @throws TooMuchWaiting */
  private resume({ id, runnerId, bytes }: BlobUpload): Promise<void> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      await this.deps.repository.lockRunner(transaction, runnerId);
      this.checkQuota(await this.deps.repository.waitingBytes(transaction, runnerId, id), bytes);
      await this.deps.repository.touch(id, transaction);
    });
  }

  private checkQuota(waiting: number, bytes: number): void {
    const { maxWaitingBytes } = this.deps;
    if (waiting + bytes > maxWaitingBytes) throw new TooMuchWaiting(waiting, bytes, maxWaitingBytes);
  }

  /** Completes an upload that needs no more bytes. */
  private async settle(upload: BlobUpload): Promise<BlobUpload> {
    const { sha256, bytes, received } = upload;
    // The upload itself protects the blob from collection, until a report has named it. Nothing does then, so this comes
    // before the blob is looked for.
    if (upload.namedAt) await this.deps.blobs.postpone(sha256);
    const stored = await this.deps.blobs.size(sha256);
    if (stored !== null && stored !== bytes) {
      throw refusal('BLOB_SIZE_WRONG', { sha256, stored, bytes });
    }
    if (upload.completedAt) return upload;
    if (stored !== null) await this.deps.receiver.complete(upload, bytes, false);
    else if (received === bytes) await this.deps.receiver.finish(upload);
    else return upload;
    return { ...upload, received: bytes, completedAt: new Date() };
  }
}
