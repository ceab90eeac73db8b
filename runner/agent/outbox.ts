import type { AttemptRefInput, Directive } from '../../schema/generated/runner/graphql.js';
import { BlobTransfer } from './blob-transfer.js';
import { CheckpointUploads } from './checkpoint-uploads.js';
import { Delivery } from './delivery.js';
import { sealFor } from './packed-points.js';
import { reportPartsFor } from './report-parts.js';
import { Reporter } from './reporter.js';
import type { ServerClient } from './server-client.js';
import type { Spool } from './spool.js';

export interface OutboxOptions {
  attempt: AttemptRefInput;
  spool: Spool;
  client: ServerClient;
  /** The version of the runner protocol that the server speaks. */
  serverProtocol: number;
  /** Aborts everything, because the attempt is no longer this runner's. */
  signal: AbortSignal;
  log: (message: string) => void;
  /** Called with every directive other than CONTINUE. */
  onDirective: (directive: Directive) => void;
  /** Called when something cannot be stored on disk, the server refuses it, or the server keeps failing. */
  onFault: (error: Error) => void;
  /** Called after a report was added to the spool. */
  onReport?: () => void;
}

/** What an attempt sends to the server: its reports in order and, beside them, its checkpoints. */
export class Outbox {
  readonly reporter: Reporter;
  readonly checkpoints: CheckpointUploads;
  private readonly delivery: Delivery;
  private readonly closing = new AbortController();

  constructor(private readonly options: OutboxOptions) {
    const { attempt, spool, client, serverProtocol, log, onDirective, onReport = () => {} } = options;
    const signal = AbortSignal.any([options.signal, this.closing.signal]);
    const onFault = (error: Error): void => {
      if (!this.closing.signal.aborted) options.onFault(error);
    };
    const transfer = new BlobTransfer(client);
    this.delivery = new Delivery(attempt, spool, client, transfer, signal, onDirective);
    const added = (): void => {
      this.delivery.deliver().catch(onFault);
      onReport();
    };
    const parts = reportPartsFor(serverProtocol, client.clock);
    this.reporter = new Reporter(parts, spool, added, onFault, sealFor(serverProtocol));
    const onStored = this.reporter.name.bind(this.reporter);
    this.checkpoints = new CheckpointUploads({ attempt, spool, transfer, signal, log, onStored, onFault });
  }

  /** Resolves when the server has acknowledged every report so far. */
  async deliver(): Promise<void> {
    await this.reporter.flush();
    await this.delivery.deliver();
  }

  /** Whether the server has every report and every checkpoint. */
  get isSettled(): boolean {
    return !this.checkpoints.isWaiting && this.options.spool.isEmpty;
  }

  /** Stops sending, and drops what is not in the spool yet. Call it before the spool is closed. */
  close(): Promise<void> {
    this.closing.abort(new Error('the attempt is over'));
    return this.reporter.close();
  }

  /** Resolves when the server also has every checkpoint. */
  async settle(): Promise<void> {
    await this.checkpoints.done();
    await this.deliver();
  }
}
