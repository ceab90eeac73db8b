import type { DataSource } from 'typeorm';
import { SparseCountsWriter } from '../../schema/sparse-counts.js';
import { inTransaction } from '../database/transaction.js';
import { Predictor, Subset } from '../evaluations/evaluation.entity.js';
import type { EvaluationInput } from '../evaluations/evaluations.inputs.js';
import type { EvaluationsService } from '../evaluations/evaluations.service.js';
import type { Run } from '../runs/run.entity.js';

/** The confusion matrix of each image, by its id. */
export type Matrices = Record<string, number[]>;

/** The images as a runner reports them. */
export function imagesOf(matrices: Matrices): { ids: string[]; counts: string } {
  const writer = new SparseCountsWriter();
  for (const matrix of Object.values(matrices)) writer.add(matrix);
  return { ids: Object.keys(matrices), counts: Buffer.from(writer.toBytes()).toString('base64') };
}

/** The confusion matrix of all images. */
export function sumOf(matrices: Matrices): number[] {
  const all = Object.values(matrices);
  return all[0]!.map((_, cell) => all.reduce((sum, matrix) => sum + matrix[cell]!, 0));
}

/** An evaluation that a test reports: its images, or null if it is reported without them, and then its matrix. */
export type Given = Partial<Omit<EvaluationInput, 'images'>> & { images: Matrices | null };

export function evaluationOf({ images, ...given }: Given): EvaluationInput {
  return {
    ...{ step: 100, network: Predictor.BRANCH1, subset: Subset.VAL },
    confusion: images ? sumOf(images) : [],
    images: images && imagesOf(images),
    ...given,
  };
}

/** Stores evaluations as one report. */
export function recordImages(
  dataSource: DataSource,
  service: EvaluationsService,
  run: Run,
  ...given: Given[]
): Promise<void> {
  return inTransaction(dataSource, (transaction) => service.record(transaction, run, 1, given.map(evaluationOf)));
}
