import type { BlobsService } from '../blobs/blobs.service.js';
import type { Transaction } from '../database/transaction.js';
import { refusal } from '../graphql/errors.js';
import type { CheckpointInput } from './checkpoints.inputs.js';
import type { CheckpointsRepository } from './checkpoints.repository.js';

/** Checkpoints to keep per run: the newest and the one before it. The blobs of older ones are collected. */
const KEPT = 2;

export class CheckpointsService {
  constructor(
    private readonly deps: {
      repository: CheckpointsRepository;
      blobs: BlobsService;
    },
  ) {}

  /**
   * Stores a checkpoint within the caller's transaction. Returns whether its step is later than that of the previous
   * checkpoint.
   * @throws BAD_USER_INPUT if the blob was not uploaded or has another size
   */
  async record(transaction: Transaction, runId: string, attemptId: string, input: CheckpointInput): Promise<boolean> {
    const { step, sha256, bytes } = input;
    if (step < 0) throw refusal('CHECKPOINT_STEP', { step });
    const blob = (await this.deps.blobs.require(transaction, [sha256])).get(sha256)!;
    if (blob.bytes !== bytes) {
      throw refusal('CHECKPOINT_SIZE', { step, bytes, stored: blob.bytes });
    }
    const before = await this.deps.repository.newest(transaction, runId);
    await this.deps.repository.insert(transaction, runId, attemptId, input);
    await this.deps.repository.keepNewest(transaction, runId, KEPT);
    return step > (before?.step ?? 0);
  }

  /** The checkpoint that a new attempt resumes from; null starts from the beginning. */
  async newest(
    transaction: Transaction,
    runId: string,
  ): Promise<{ step: number; sha256: string; bytes: number } | null> {
    const checkpoint = await this.deps.repository.newest(transaction, runId);
    return checkpoint && { step: checkpoint.step, sha256: checkpoint.sha256, bytes: checkpoint.bytes };
  }
}
