import type { BlobsService } from '../blobs/blobs.service.js';
import type { Transaction } from '../database/transaction.js';
import { badUserInput } from '../graphql/errors.js';
import type { CheckpointInput } from './checkpoints.inputs.js';
import type { CheckpointsRepository } from './checkpoints.repository.js';

/** The newest and the one before; the blobs of older ones are collected. */
const KEPT = 2;

export class CheckpointsService {
  constructor(
    private readonly deps: {
      repository: CheckpointsRepository;
      blobs: BlobsService;
    },
  ) {}

  /**
   * Stores what a run can go on from within the caller's transaction; answers whether it lies further on than the one
   * before, and not only at a step that was reached already.
   * Throws BAD_USER_INPUT when the blob was not uploaded or has another size.
   */
  async record(transaction: Transaction, runId: string, attemptId: string, input: CheckpointInput): Promise<boolean> {
    const { step, sha256, bytes } = input;
    if (step < 0) throw badUserInput(`the checkpoint's step is ${step}; steps count from 0`);
    const blob = (await this.deps.blobs.require(transaction, [sha256])).get(sha256)!;
    if (blob.bytes !== bytes) {
      throw badUserInput(`the checkpoint of step ${step} says ${bytes} bytes, but its blob has ${blob.bytes}`);
    }
    const before = await this.deps.repository.newest(transaction, runId);
    await this.deps.repository.insert(transaction, runId, attemptId, input);
    await this.deps.repository.keepNewest(transaction, runId, KEPT);
    return step > (before?.step ?? 0);
  }

  /** What a new attempt at the run goes on from; null is from the beginning. */
  async newest(
    transaction: Transaction,
    runId: string,
  ): Promise<{ step: number; sha256: string; bytes: number } | null> {
    const checkpoint = await this.deps.repository.newest(transaction, runId);
    return checkpoint && { step: checkpoint.step, sha256: checkpoint.sha256, bytes: checkpoint.bytes };
  }
}
