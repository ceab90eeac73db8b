import type { AttemptRefInput, Directive } from '../../schema/generated/runner/graphql.js';
import { ReportAttemptDocument } from '../../schema/generated/runner/graphql.js';
import type { BlobTransfer } from './blob-transfer.js';
import { ServerFault } from './errors.js';
import { blobsOf, type ReportContent } from './report-content.js';
import { retry } from './retry.js';
import type { ServerClient } from './server-client.js';
import type { Spool } from './spool.js';

/** Sends the reports of a spool to the server, one at a time, and repeats each until it is acknowledged. */
export class Delivery {
  private active = false;
  private running: Promise<void> = Promise.resolve();

  /** `onDirective` is called with every directive other than CONTINUE. */
  constructor(
    private readonly attempt: AttemptRefInput,
    private readonly spool: Spool,
    private readonly client: ServerClient,
    private readonly transfer: BlobTransfer,
    private readonly signal: AbortSignal,
    private readonly onDirective: (directive: Directive) => void,
  ) {}

  /** Resolves when the spool is empty. Rejects when the server refuses a report or keeps failing, or on abort. */
  deliver(): Promise<void> {
    if (!this.active) {
      this.active = true;
      this.running = this.work();
    }
    return this.running;
  }

  private async work(): Promise<void> {
    try {
      await this.sendAll();
    } finally {
      // This runs in the same tick as the last check of the spool, so a report that is added later starts a new round.
      this.active = false;
    }
  }

  private async sendAll(): Promise<void> {
    for (let report = this.spool.oldest(); report; report = this.spool.oldest()) {
      const current = report;
      const content = await this.upload(current.content);
      const answer = await retry(() => this.send(current.sequence, content), this.signal, this.client.waits);
      if (answer.directive !== 'CONTINUE') this.onDirective(answer.directive);
      this.signal.throwIfAborted();
      if (answer.acknowledged < current.sequence) {
        throw new ServerFault(
          'refused',
          'SEQUENCE',
          `the server acknowledged report ${answer.acknowledged} in answer to report ${current.sequence}`,
        );
      }
      await this.spool.acknowledge(current.sequence);
    }
  }

  private async send(sequence: number, content: ReportContent) {
    const { reportAttempt } = await this.client.request(ReportAttemptDocument, {
      report: { ...this.attempt, sequence, ...content },
    });
    return reportAttempt;
  }

  /**
   * Uploads the images of a report. The server has its checkpoint, unless the spool is that of an earlier version. Leaves out
   * a checkpoint that a newer one has replaced.
   */
  private async upload(content: ReportContent): Promise<ReportContent> {
    const { images, checkpoint } = blobsOf(content);
    for (const sha256 of images) await this.uploadBlob(sha256, 'image/png');
    if (!checkpoint) return content;
    await this.uploadBlob(checkpoint, 'application/octet-stream');
    if (this.spool.wasDelivered(checkpoint)) return content;
    const { checkpoint: _replaced, ...rest } = content;
    return rest;
  }

  private async uploadBlob(sha256: string, contentType: string): Promise<void> {
    const { attempt, signal } = this;
    const file = this.spool.waitingBlob(sha256);
    if (!file) return;
    try {
      await this.transfer.upload({ sha256, file, contentType, attempt, step: null, signal });
    } catch (error) {
      // A newer checkpoint replaced it during the upload.
      if (!this.spool.waitingBlob(sha256)) return;
      throw error;
    }
    this.spool.markDelivered(sha256);
  }
}
