import { EventEmitter, once } from 'node:events';
import type { AttemptRefInput } from '../../schema/generated/runner/graphql.js';
import type { BlobTransfer } from './blob-transfer.js';
import type { Spool } from './spool.js';
import { UploadProgress } from './upload-progress.js';
import type { StoredCheckpoint } from './waiting-checkpoints.js';

/** When training has ended, a checkpoint of which at least this share was sent is finished before the last one. */
const NEARLY_SENT = 0.9;

interface Sending {
  checkpoint: StoredCheckpoint;
  /** Whether the server knows that it comes. */
  isAnnounced: boolean;
  sentBytes: number;
  /** Aborted when a newer one takes its place. */
  replaced: AbortController;
}

export interface CheckpointUploadsParts {
  attempt: AttemptRefInput;
  spool: Spool;
  transfer: BlobTransfer;
  signal: AbortSignal;
  log: (message: string) => void;
  /** Called when the server has the bytes. Resolves when a report that names the checkpoint is in the spool. */
  onStored: (checkpoint: StoredCheckpoint) => Promise<void>;
  /** Called when the server refuses a checkpoint or keeps failing. No more are sent then. */
  onFault: (error: Error) => void;
  /** How often it logs the progress of a long upload. */
  progressMs?: number | undefined;
}

/**
 * Sends the checkpoints of an attempt, one at a time, beside its reports. A newer checkpoint takes the place of one that is
 * waiting, but one of which the server has some bytes is finished first: if uploads take longer than the time between two
 * checkpoints, none would ever arrive otherwise. When training has ended, nothing comes after the last one, so an older one
 * gives way unless it is nearly sent.
 */
export class CheckpointUploads {
  private sending: Sending | null = null;
  private fault: Error | null = null;
  private isWorking = false;
  private hasEnded = false;
  private readonly changes = new EventEmitter();

  constructor(private readonly parts: CheckpointUploadsParts) {
    parts.spool.checkpoints.onAdded = () => this.wake();
    this.wake();
  }

  /** Whether the server still lacks a checkpoint. */
  get isWaiting(): boolean {
    return this.waiting.length > 0;
  }

  /** No newer checkpoint will come. */
  end(): void {
    this.hasEnded = true;
    this.replaceOlder();
  }

  /** Resolves when the server knows that the newest checkpoint comes, or has it. Rejects with the fault. */
  announced(): Promise<void> {
    return this.until(() => {
      const newest = this.waiting.at(-1);
      return !newest || (this.sending?.isAnnounced === true && this.sending.checkpoint.sha256 === newest.sha256);
    });
  }

  /** Resolves when the server has every checkpoint, and reports that name them are in the spool. Rejects with the fault. */
  done(): Promise<void> {
    return this.until(() => !this.isWaiting);
  }

  private get waiting(): readonly StoredCheckpoint[] {
    return this.parts.spool.checkpoints.all;
  }

  private async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      this.parts.signal.throwIfAborted();
      if (this.fault) throw this.fault;
      await once(this.changes, 'change');
    }
  }

  private wake(): void {
    if (this.fault) return;
    this.replaceOlder();
    if (this.isWorking) return;
    this.isWorking = true;
    this.work()
      .catch((error: Error) => {
        this.fault = error;
        if (!this.parts.signal.aborted) this.parts.onFault(error);
      })
      .finally(() => {
        this.isWorking = false;
        this.changes.emit('change');
      });
  }

  private async work(): Promise<void> {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      if (await this.send(next)) await this.parts.onStored(next);
      else await this.parts.spool.dropBlob(next.sha256);
      this.parts.spool.checkpoints.remove(next.sha256);
      this.changes.emit('change');
    }
  }

  /** Returns false if a newer checkpoint took its place. */
  private async send(checkpoint: StoredCheckpoint): Promise<boolean> {
    const { spool, transfer, attempt, log, progressMs } = this.parts;
    const { step, sha256, bytes } = checkpoint;
    const sending: Sending = { checkpoint, isAnnounced: false, sentBytes: 0, replaced: new AbortController() };
    this.sending = sending;
    this.replaceOlder();
    const signal = AbortSignal.any([this.parts.signal, sending.replaced.signal]);
    const progress = new UploadProgress(`checkpoint of step ${step}`, bytes, log, progressMs);
    const onProgress = (sentBytes: number): void => {
      Object.assign(sending, { sentBytes, isAnnounced: true });
      progress.update(sentBytes);
      this.changes.emit('change');
    };
    const contentType = 'application/octet-stream';
    const outgoing = { sha256, file: spool.blobPath(sha256), contentType, attempt, step, signal, onProgress };
    try {
      await transfer.upload(outgoing);
    } catch (error) {
      if (!sending.replaced.signal.aborted || this.parts.signal.aborted) throw error;
      log(`checkpoint of step ${step}: given up at ${progress.text}, for a newer one`);
      return false;
    } finally {
      this.sending = null;
    }
    progress.end();
    spool.markDelivered(sha256);
    return true;
  }

  private replaceOlder(): void {
    for (const { sha256, bytes } of this.waiting.slice(0, -1)) {
      if (this.sending?.checkpoint.sha256 === sha256) {
        const { sentBytes, replaced } = this.sending;
        if (sentBytes === 0 || (this.hasEnded && sentBytes < NEARLY_SENT * bytes)) replaced.abort();
      } else {
        this.parts.spool.checkpoints.remove(sha256);
        this.parts.spool.dropBlob(sha256).catch(this.parts.onFault);
      }
    }
  }
}
