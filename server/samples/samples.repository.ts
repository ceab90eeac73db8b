import { type DataSource, In } from 'typeorm';
import { type ChangeRange, endOfPage } from '../database/changes.js';
import type { Transaction } from '../database/transaction.js';
import { SampleImage, SampleRow } from './sample.entity.js';

/** What a report says about an image. A null hash was not reported. */
export type ReportedImage = Pick<SampleImage, 'imageId' | 'width' | 'height' | 'inputSha256' | 'groundTruthSha256'>;
/** A prediction in a report. */
export type ReportedPrediction = Pick<SampleRow, 'step' | 'imageId' | 'network' | 'sha256'>;

/** An image of a run, and the step at which it is wanted. */
export interface ImageAtStep {
  runId: string;
  imageId: string;
  step: number;
}

/** The changes that wrote predictions, inputs and ground truths. */
const CHANGES = 'SELECT run_id, change FROM samples UNION ALL SELECT run_id, change FROM sample_images';

export class SamplesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores images, each with another id. Keeps a stored input or ground truth, unless the report replaces it. */
  async upsertImages(
    transaction: Transaction,
    runId: string,
    change: number,
    images: readonly ReportedImage[],
  ): Promise<void> {
    await transaction.query(
      `/* upsertSampleImages */ INSERT INTO sample_images AS known
         (run_id, change, image_id, width, height, input_sha256, ground_truth_sha256)
       SELECT $1, $2, * FROM unnest($3::text[], $4::int[], $5::int[], $6::text[], $7::text[])
       ON CONFLICT (run_id, image_id) DO UPDATE SET change = excluded.change,
         width = excluded.width, height = excluded.height,
         input_sha256 = coalesce(excluded.input_sha256, known.input_sha256),
         ground_truth_sha256 = coalesce(excluded.ground_truth_sha256, known.ground_truth_sha256)
       WHERE (known.width, known.height) <> (excluded.width, excluded.height)
         OR known.input_sha256 IS DISTINCT FROM coalesce(excluded.input_sha256, known.input_sha256)
         OR known.ground_truth_sha256 IS DISTINCT FROM coalesce(excluded.ground_truth_sha256, known.ground_truth_sha256)`,
      [
        runId,
        change,
        images.map(({ imageId }) => imageId),
        images.map(({ width }) => width),
        images.map(({ height }) => height),
        images.map(({ inputSha256 }) => inputSha256),
        images.map(({ groundTruthSha256 }) => groundTruthSha256),
      ],
    );
  }

  /** Stores predictions, no two of the same step, image and network. */
  async upsertPredictions(
    transaction: Transaction,
    runId: string,
    change: number,
    predictions: readonly ReportedPrediction[],
  ): Promise<void> {
    await transaction.query(
      `/* upsertSamples */ INSERT INTO samples (run_id, change, step, image_id, network, sha256)
       SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::text[])
       ON CONFLICT (run_id, step, image_id, network) DO UPDATE SET sha256 = excluded.sha256, change = excluded.change`,
      [
        runId,
        change,
        predictions.map(({ step }) => step),
        predictions.map(({ imageId }) => imageId),
        predictions.map(({ network }) => network),
        predictions.map(({ sha256 }) => sha256),
      ],
    );
  }

  /** Up to `limit` steps of these runs, ascending. */
  steps(runIds: readonly string[], limit: number): Promise<{ runId: string; step: number }[]> {
    return this.dataSource.query(
      '/* sampleSteps */ SELECT DISTINCT run_id AS "runId", step FROM samples WHERE run_id = ANY ($1) ORDER BY step LIMIT $2',
      [runIds, limit],
    );
  }

  /** The last change up to which at most `most` images were written; at least one change. */
  endOfPage(range: ChangeRange, most: number): Promise<number> {
    return endOfPage(this.dataSource, `(${CHANGES}) written`, range, most);
  }

  /**
   * Every prediction of each image and step of which a prediction, the input or the ground truth was last written by the changes after
   * `from`, up to `to`.
   */
  changed(runId: string, from: number, to: number): Promise<ReportedPrediction[]> {
    return this.dataSource.query(
      `/* changedSamples */ WITH changed AS (
         SELECT step, image_id FROM samples WHERE run_id = $1 AND change > $2 AND change <= $3
         UNION
         SELECT step, image_id FROM sample_images image JOIN samples USING (run_id, image_id)
         WHERE run_id = $1 AND image.change > $2 AND image.change <= $3)
       SELECT step, image_id AS "imageId", network, sha256 FROM samples JOIN changed USING (step, image_id)
       WHERE run_id = $1 ORDER BY step, image_id, network`,
      [runId, from, to],
    );
  }

  /** Up to `limit` images of these runs, by id. */
  images(runIds: readonly string[], limit: number): Promise<SampleImage[]> {
    return this.dataSource
      .getRepository(SampleImage)
      .find({ where: { runId: In([...runIds]) }, order: { imageId: 'ASC' }, take: limit });
  }

  /** Up to `limit` steps at which these runs have a prediction of the image, each once per run. */
  stepsOfImage(runIds: readonly string[], imageId: string, limit: number): Promise<{ runId: string; step: number }[]> {
    return this.dataSource.query(
      `/* stepsOfImage */ SELECT DISTINCT run_id AS "runId", step FROM samples
       WHERE run_id = ANY ($1) AND image_id = $2 LIMIT $3`,
      [runIds, imageId, limit],
    );
  }

  /** Up to `limit` ids of images that any of the runs has. */
  async imageIds(runIds: readonly string[], limit: number): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `/* sampleImageIds */ SELECT DISTINCT image_id AS id FROM sample_images WHERE run_id = ANY ($1) ORDER BY id LIMIT $2`,
      [runIds, limit],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * The predictions of each image of a run at the step nearest to the given one, the earlier of two, by network. Images without an
   * input are left out.
   * @returns `place` is the index of what was asked for
   */
  nearest(asked: readonly ImageAtStep[]): Promise<(ReportedPrediction & SampleImage & { place: number })[]> {
    return this.dataSource.query(
      `/* nearestSamples */ SELECT (asked.ordinal - 1)::int AS place, image_id AS "imageId", width, height,
         input_sha256 AS "inputSha256", ground_truth_sha256 AS "groundTruthSha256", step, network, sha256
       FROM unnest($1::uuid[], $2::text[], $3::int[]) WITH ORDINALITY AS asked (run_id, image_id, asked_step, ordinal)
       JOIN sample_images USING (run_id, image_id)
       CROSS JOIN LATERAL (
         SELECT step FROM samples WHERE run_id = asked.run_id AND image_id = asked.image_id
         ORDER BY abs(step - asked_step::bigint), step LIMIT 1) AS found
       JOIN samples USING (run_id, image_id, step)
       WHERE input_sha256 IS NOT NULL ORDER BY place, network`,
      [asked.map(({ runId }) => runId), asked.map(({ imageId }) => imageId), asked.map(({ step }) => step)],
    );
  }

  imagesById(runId: string, imageIds: readonly string[]): Promise<SampleImage[]> {
    return this.dataSource.getRepository(SampleImage).findBy({ runId, imageId: In([...imageIds]) });
  }

  /** Up to `limit` predictions of these runs at a step, or at the newest step of each if it is null, by image id, then by network. */
  predictions(
    runIds: readonly string[],
    step: number | null,
    limit: number,
  ): Promise<(ReportedPrediction & { runId: string })[]> {
    return this.dataSource.query(
      `/* samplesOfRuns */ SELECT sample.run_id AS "runId", sample.step, image_id AS "imageId", network, sha256
       FROM unnest($1::uuid[]) AS run (id)
       CROSS JOIN LATERAL (
         SELECT coalesce($2, (SELECT max(step) FROM samples WHERE run_id = run.id)) AS step) AS shown
       JOIN samples sample ON sample.run_id = run.id AND sample.step = shown.step
       ORDER BY image_id, network LIMIT $3`,
      [runIds, step, limit],
    );
  }
}
