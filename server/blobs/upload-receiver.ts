import { createHash, type Hash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../database/transaction.js';
import { type AppError, notFound, refusal } from '../graphql/errors.js';
import type { BlobUpload } from './blob-upload.entity.js';
import { Locked, WrongHash } from './blobs.errors.js';
import type { BlobsRepository } from './blobs.repository.js';
import type { ContentsRepository } from './contents.repository.js';
import { receiveBytes } from './receive-bytes.js';
import type { UploadsRepository } from './uploads.repository.js';

/** How often a long check of a hash says that it is not done. */
const KEEP_MS = 5_000;

interface Request {
  source: Readable;
  /** Resolves when the request has stored what it received. */
  done: Promise<unknown>;
}

/** What a request has achieved. `isNew` is null while bytes are missing; then it tells whether the blob was not stored before. */
export interface Progress {
  offset: number;
  isNew: boolean | null;
}

/** Receives the bytes of uploads, checks their hashes, and makes them blobs. */
export class UploadReceiver {
  /** The requests whose bytes this server is receiving, by upload. */
  private readonly requests = new Map<string, Request>();
  private isClosing = false;

  constructor(
    private readonly deps: {
      dataSource: DataSource;
      uploads: UploadsRepository;
      blobs: BlobsRepository;
      contents: ContentsRepository;
    },
  ) {}

  /**
   * Appends bytes at an offset. The upload is complete when its last byte is there.
   * @param total the size of the blob; null if the end of the source decides
   * @throws CONFLICT for another offset than the stored one, or if the upload is complete; Locked while another server receives
   * it; BlobTooLarge; WrongHash, after which the upload no longer exists
   */
  async receive(
    upload: BlobUpload,
    offset: number,
    source: Readable,
    total: number | null = upload.bytes,
  ): Promise<Progress> {
    if (this.isClosing) throw refusal('SHUTTING_DOWN');
    const { id } = upload;
    const before = this.interrupt(id);
    const work = before.then(() => this.append(upload, offset, source, total));
    const request = { source, done: work.catch(() => {}) };
    this.requests.set(id, request);
    try {
      return await work;
    } finally {
      if (this.requests.get(id) === request) this.requests.delete(id);
    }
  }

  /**
   * Ends a request of this server that is sending the upload, and waits until its bytes are stored. A runner whose connection
   * has broken tries again, perhaps before this server has noticed.
   */
  async interrupt(id: string): Promise<void> {
    const request = this.requests.get(id);
    request?.source.destroy();
    await request?.done;
  }

  /** Completes an upload whose bytes are all there: a server was stopped while it checked them, or there are none. */
  async finish(upload: BlobUpload): Promise<void> {
    await this.receive(upload, upload.bytes, Readable.from([]));
  }

  /** Marks an upload as complete whose blob is already stored, or publishes its bytes. Returns whether the blob is new. */
  complete({ id, sha256, contentType }: BlobUpload, bytes: number, hasContent: boolean): Promise<boolean> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      if (!(await this.deps.uploads.complete(transaction, id, bytes))) throw notFound('upload', id);
      if (!hasContent) {
        await this.deps.blobs.discard(transaction, id);
        return false;
      }
      return this.deps.blobs.publish(transaction, { sha256, contentType, bytes, content: id });
    });
  }

  /** Ends all requests and waits until their bytes are stored. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all([...this.requests.keys()].map((id) => this.interrupt(id)));
  }

  private async append(upload: BlobUpload, offset: number, source: Readable, total: number | null): Promise<Progress> {
    const { contents } = this.deps;
    const { id } = upload;
    const writer = randomUUID();
    if (!(await contents.beginWriting(id, writer, offset))) throw await this.refusal(upload, offset);
    try {
      const end = await receiveBytes(contents, { id, writer, offset, size: upload.bytes }, source);
      if (total !== null && end.offset < total) return { offset: end.offset, isNew: null };
      const actual = (end.hash ?? (await this.hashOf(upload, end.offset, writer))).digest('hex');
      if (actual !== upload.sha256) {
        await this.deps.uploads.delete(id);
        throw new WrongHash(upload.sha256, actual);
      }
      return { offset: end.offset, isNew: await this.complete(upload, end.offset, true) };
    } finally {
      await contents.endWriting(id, writer);
    }
  }

  /** Reads the bytes back, because other requests, perhaps at other servers, have received some of them. */
  private async hashOf({ id }: BlobUpload, bytes: number, writer: string): Promise<Hash> {
    const hash = createHash('sha256');
    let kept = Date.now();
    for await (const chunk of this.deps.contents.read(id, 0, bytes - 1)) {
      if (this.isClosing) throw refusal('SHUTTING_DOWN');
      hash.update(chunk);
      if (Date.now() - kept < KEEP_MS) continue;
      kept = Date.now();
      if (!(await this.deps.contents.keepWriting(id, writer))) throw new Locked(id);
    }
    return hash;
  }

  /** Why bytes cannot be appended at this offset. */
  private async refusal({ id, runnerId }: BlobUpload, offset: number): Promise<AppError | Locked> {
    const upload = await this.deps.uploads.find(id, runnerId);
    if (!upload) return notFound('upload', id);
    if (upload.completedAt) return refusal('UPLOAD_COMPLETE', { id });
    if (upload.received === offset) return new Locked(id);
    return refusal('UPLOAD_OFFSET_WRONG', { received: upload.received, id, offset });
  }
}
