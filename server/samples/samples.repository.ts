import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import type { Predictor } from '../evaluations/evaluation.entity.js';
import { SampleImage, SampleRow } from './sample.entity.js';
import { type SampleInput, SampleKind } from './samples.inputs.js';

export class SamplesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores the image of a sample. Keeps a stored input or ground truth, unless this sample replaces it. */
  async upsertImage(transaction: Transaction, runId: string, sample: SampleInput): Promise<void> {
    await transaction.query(
      `/* upsertSampleImage */ INSERT INTO sample_images AS known
         (run_id, image_id, width, height, input_sha256, ground_truth_sha256)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (run_id, image_id) DO UPDATE SET width = excluded.width, height = excluded.height,
         input_sha256 = coalesce(excluded.input_sha256, known.input_sha256),
         ground_truth_sha256 = coalesce(excluded.ground_truth_sha256, known.ground_truth_sha256)`,
      [
        runId,
        sample.imageId,
        sample.width,
        sample.height,
        sample.kind === SampleKind.INPUT ? sample.sha256 : null,
        sample.kind === SampleKind.GROUND_TRUTH ? sample.sha256 : null,
      ],
    );
  }

  async upsertPrediction(
    transaction: Transaction,
    runId: string,
    sample: SampleInput,
    network: Predictor,
  ): Promise<void> {
    await transaction.query(
      `/* upsertSample */ INSERT INTO samples (run_id, step, image_id, network, sha256) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (run_id, step, image_id, network) DO UPDATE SET sha256 = excluded.sha256`,
      [runId, sample.step, sample.imageId, network, sample.sha256],
    );
  }

  /** Ascending. */
  async steps(runId: string): Promise<number[]> {
    const rows = await this.dataSource.query<{ step: number }[]>(
      '/* sampleSteps */ SELECT DISTINCT step FROM samples WHERE run_id = $1 ORDER BY step',
      [runId],
    );
    return rows.map(({ step }) => step);
  }

  images(runId: string): Promise<SampleImage[]> {
    return this.dataSource.getRepository(SampleImage).find({ where: { runId }, order: { imageId: 'ASC' } });
  }

  predictions(runId: string, step: number): Promise<SampleRow[]> {
    return this.dataSource.getRepository(SampleRow).find({ where: { runId, step }, order: { network: 'ASC' } });
  }
}
