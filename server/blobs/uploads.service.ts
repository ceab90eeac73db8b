import { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { inTransaction, type Transaction, withoutTimeLimit } from '../database/transaction.js';
import { badUserInput, conflict, forbidden, notFound } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { shown } from '../graphql/texts.js';
import type { BlobUpload } from './blob-upload.entity.js';
import { BlobTooLarge, TooManyWaiting, TooMuchWaiting, WrongHash } from './blobs.errors.js';
import type { BlobsService } from './blobs.service.js';
import type { NewUpload, UploadsRepository } from './uploads.repository.js';

/** The most that older runners, which send a blob in one PUT, could always send. */
const MAX_PUT_BYTES = 1024 ** 3;
/** How often an upload in progress is marked as such. */
const TOUCH_MS = 60_000;

const SHA256_LENGTH = 64;
/** Hashes to list in a message. */
const MAX_LISTED = 5;

/** What a runner announces before it sends a blob. */
export interface Announcement {
  sha256: string;
  contentType: string;
  bytes: number;
  attemptId: string;
  fence: number;
}

/** Who may upload what. A blob is announced first, for an attempt that the runner holds; blobs.service.ts stores it. */
export class UploadsService {
  /** The uploads whose bytes are arriving. */
  private readonly receiving = new Map<string, Readable>();

  constructor(
    private readonly deps: {
      dataSource: DataSource;
      repository: UploadsRepository;
      blobs: BlobsService;
      /** Of one runner, in uploads that no report has named yet. */
      maxWaitingBytes: number;
      /** Of one runner, that no report has named yet. */
      maxWaitingUploads: number;
    },
  ) {}

  /**
   * Opens an upload, or finds the one that the attempt opened before. It is complete if the blob is already stored.
   * @throws FORBIDDEN unless the runner holds the attempt; BlobTooLarge; TooMuchWaiting; TooManyWaiting
   */
  async open(runnerId: string, { attemptId, fence, ...blob }: Announcement): Promise<BlobUpload> {
    if (blob.bytes > this.deps.blobs.limits.maxBytes) throw new BlobTooLarge(this.deps.blobs.limits.maxBytes);
    const upload = await inTransaction(this.deps.dataSource, async (transaction) => {
      await this.deps.repository.lockRunner(transaction, runnerId);
      if (!isId(attemptId) || !(await this.deps.repository.holds(transaction, runnerId, attemptId, fence))) {
        throw forbidden(`attempt ${shown(attemptId)} does not belong to this runner, or it has ended`);
      }
      const known = await this.deps.repository.ofAttempt(transaction, attemptId, blob.sha256);
      if (known && known.bytes !== blob.bytes) {
        throw conflict(
          `blob ${blob.sha256} was announced with ${known.bytes} bytes before, and now with ${blob.bytes}`,
        );
      }
      return known ?? (await this.insert(transaction, { ...blob, runnerId, attemptId }));
    });
    if (upload.completedAt && (await this.deps.blobs.touch(upload.sha256))) return upload;
    if (await this.isStored(upload)) return this.completed(upload, upload.bytes);
    // An empty blob has no bytes to wait for.
    if (upload.bytes === 0) return this.receiveInto(upload, Readable.from([]));
    await this.deps.repository.reopen(upload.id);
    return { ...upload, completedAt: null };
  }

  /** The runner's upload. @throws NOT_FOUND */
  async find(id: string, runnerId: string): Promise<BlobUpload> {
    const upload = isId(id) ? await this.deps.repository.find(id, runnerId) : null;
    if (!upload) throw notFound('upload', id);
    return upload;
  }

  /**
   * Receives all bytes of an upload.
   * @throws NOT_FOUND; CONFLICT if it is complete; BlobTooLarge or BAD_USER_INPUT for more or fewer bytes than announced;
   * TooMuchWaiting; WrongHash, after which the upload no longer exists
   */
  async receive(upload: BlobUpload, source: Readable): Promise<void> {
    if (upload.completedAt) throw conflict(`upload "${upload.id}" is already complete`);
    await this.resume(upload);
    await this.receiveInto(upload, source);
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
    const most = Math.min(MAX_PUT_BYTES, this.deps.blobs.limits.maxBytes);
    if (declared !== null && declared > most) throw new BlobTooLarge(most);
    const upload = await inTransaction(this.deps.dataSource, async (transaction) => {
      await this.deps.repository.lockRunner(transaction, runnerId);
      if (!(await this.deps.repository.heldRecently(transaction, runnerId))) {
        throw forbidden(
          'a runner can upload only while it has an attempt, and for 24 hours after its last one has ended',
        );
      }
      return this.insert(transaction, { ...blob, bytes: declared ?? most, runnerId, attemptId: null });
    });
    try {
      const stored = await this.deps.blobs.find(blob.sha256);
      if (stored && (await this.deps.blobs.touch(blob.sha256))) {
        await this.completed(upload, stored.bytes);
        return false;
      }
      const received = await this.deps.blobs.store(blob.sha256, blob.contentType, source, most);
      await this.completed(upload, received.bytes);
      return received.isNew;
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
      throw badUserInput(
        `not uploaded: ${foreign
          .slice(0, MAX_LISTED)
          .map((hash) => hash.slice(0, SHA256_LENGTH))
          .join(', ')}; send the bytes (POST /uploads, then PATCH) before the ` +
          'report that names the blob, for the same attempt',
      );
    }
    await this.deps.repository.markNamed(transaction, attempt, hashes);
  }

  /** Deletes uploads that are no longer valid. Their bytes are collected like those of other unreferenced blobs. */
  deleteExpired(): Promise<number> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      await withoutTimeLimit(transaction);
      return this.deps.repository.deleteExpired(transaction);
    });
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

  private async isStored({ sha256, bytes }: BlobUpload): Promise<boolean> {
    const stored = await this.deps.blobs.find(sha256);
    if (stored && stored.bytes !== bytes) {
      throw badUserInput(`blob ${sha256} has ${stored.bytes} bytes, but ${bytes} were announced`);
    }
    return stored !== null && this.deps.blobs.touch(sha256);
  }

  private async receiveInto(upload: BlobUpload, source: Readable): Promise<BlobUpload> {
    const { id, sha256, contentType, bytes } = upload;
    // A runner whose connection has broken sends again, perhaps before this server notices. Only the newest request counts:
    // otherwise, one upload could fill the disk many times.
    this.receiving.get(id)?.destroy();
    this.receiving.set(id, source);
    const touch = () => this.deps.repository.touch(id).catch((error: Error) => source.destroy(error));
    const timer = setInterval(touch, TOUCH_MS);
    try {
      await this.deps.blobs.store(sha256, contentType, source, bytes, bytes);
      return await this.completed(upload, bytes);
    } catch (error) {
      if (error instanceof WrongHash) await this.deps.repository.delete(id);
      throw error;
    } finally {
      clearInterval(timer);
      if (this.receiving.get(id) === source) this.receiving.delete(id);
    }
  }

  private async completed(upload: BlobUpload, bytes: number): Promise<BlobUpload> {
    await this.deps.repository.complete(upload.id, bytes);
    return { ...upload, bytes, completedAt: new Date() };
  }
}
