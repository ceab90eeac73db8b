import { createHash, randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { parseRunConfig, type RunConfigInput } from '../../schema/run-config.js';
import { Attempt } from '../attempts/attempt.entity.js';
import { Blob, BlobChunk, CHUNK_BYTES } from '../blobs/blob.entity.js';
import { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetInput } from '../datasets/datasets.inputs.js';
import { descriptionOf } from '../datasets/description.js';
import { Runner } from '../runners/runner.entity.js';
import { Run } from '../runs/run.entity.js';

/** A dataset of three classes, as a runner announces it. */
export function datasetInput(changes: Partial<DatasetInput> = {}): DatasetInput {
  return {
    name: 'shapes',
    kind: 'shapes',
    classes: [
      { name: 'background', color: '#000000' },
      { name: 'disc', color: '#ff0000' },
      { name: 'box', color: '#00FF00' },
    ],
    ignoreIndex: 255,
    trainImages: 64,
    unlabelledImages: 0,
    valImages: 16,
    testImages: 16,
    fingerprint: 'a'.repeat(64),
    warnings: [],
    facts: null,
    ...changes,
  };
}

export function insertRunner(dataSource: DataSource, name = 'gpu-1'): Promise<Runner> {
  const tokenHash = randomBytes(32).toString('hex');
  const runner = {
    name,
    tokenHash,
    host: 'lab',
    engine: 'wasm',
    device: 'cpu',
    version: '1',
    pool: 'default',
    slots: 1,
  };
  return dataSource.getRepository(Runner).save(runner);
}

/** Inserts a dataset, for tests that are not about announcing one. */
export function insertDataset(dataSource: DataSource, name = 'shapes'): Promise<Dataset> {
  return dataSource.getRepository(Dataset).save(descriptionOf(datasetInput({ name })));
}

/** Inserts a queued run of the dataset. `changes` override its columns. */
export async function insertRun(dataSource: DataSource, dataset: Dataset, changes: Partial<Run> = {}): Promise<Run> {
  const input: RunConfigInput = {
    dataset: dataset.name,
    split: { labelledRatio: 0.125 },
    method: { name: 'cps' },
  };
  const parsed = parseRunConfig(input);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  const { id } = await dataSource.getRepository(Run).save({
    name: 'CPS, 1/8, seed 0',
    config: parsed.config,
    datasetId: dataset.id,
    method: 'cps',
    backbone: 'resnet18',
    seed: 0,
    pool: 'default',
    engine: 'any',
    iterations: 1000,
    ...changes,
  });
  return dataSource.getRepository(Run).findOneByOrFail({ id });
}

export function insertAttempt(dataSource: DataSource, run: Run, runner: Runner, fence = 1): Promise<Attempt> {
  const leaseUntil = new Date(Date.now() + 60_000);
  return dataSource.getRepository(Attempt).save({ runId: run.id, runnerId: runner.id, fence, leaseUntil });
}

export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Stores bytes that no other test stores, without an upload, and returns their hash. */
export async function storeBlob(dataSource: DataSource, bytes = randomBytes(40), type = 'image/png'): Promise<string> {
  const sha256 = sha256Of(bytes);
  await dataSource.getRepository(Blob).insert({ sha256, contentType: type, bytes: bytes.length, content: sha256 });
  for (let number = 0; number * CHUNK_BYTES < bytes.length; number++) {
    const data = bytes.subarray(number * CHUNK_BYTES, (number + 1) * CHUNK_BYTES);
    await dataSource.getRepository(BlobChunk).insert({ content: sha256, number, data });
  }
  return sha256;
}

/** Three classes of ten pixels each, of which `right` are predicted correctly, and the others as the next class. */
export function confusionOf(right: number, images: number): number[] {
  const wrong = 10 - right;
  return [right, wrong, 0, 0, right, wrong, wrong, 0, right].map((pixels) => images * pixels);
}
/** The IoU of each class of such a matrix. */
export const iouOf = (right: number) => right / (20 - right);
