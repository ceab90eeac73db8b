import type { DataSource } from 'typeorm';

/** What labels of a dataset hold, by class index; null if it is not known. */
export interface LabelledPixels {
  datasetId: string;
  pixels: number[] | null;
}

export class RareClassesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Of all training labels, as runners have counted them. @param datasetIds null for all datasets */
  inTraining(datasetIds: readonly string[] | null): Promise<LabelledPixels[]> {
    return this.dataSource.query(
      `/* trainingPixels */ SELECT id AS "datasetId", (
         SELECT json_agg(class -> 'pixels' ORDER BY place)
         FROM jsonb_array_elements(facts -> 'parts') AS part
         CROSS JOIN LATERAL jsonb_array_elements(part -> 'classes') WITH ORDINALITY AS of (class, place)
         WHERE part ->> 'part' = 'TRAIN') AS pixels
       FROM datasets WHERE $1::uuid[] IS NULL OR id = ANY ($1)`,
      [datasetIds],
    );
  }

  /** Of all validation labels: the sums of the rows of the confusion matrix of the first completed run, which stays the same. */
  onVal(datasetIds: readonly string[]): Promise<LabelledPixels[]> {
    return this.dataSource.query(
      `/* validationPixels */ SELECT dataset.id AS "datasetId", (
         SELECT json_agg(truth ORDER BY class) FROM (
           SELECT (place - 1) / jsonb_array_length(dataset.classes) AS class, sum(pixels) AS truth
           FROM unnest(first.confusion) WITH ORDINALITY AS of (pixels, place) GROUP BY 1) AS rows) AS pixels
       FROM datasets dataset CROSS JOIN LATERAL (
         SELECT evaluation.confusion FROM runs run
         JOIN run_scores scores ON scores.run_id = run.id AND scores.subset = 'VAL' AND scores.network = 'BRANCH1'
         JOIN evaluations evaluation ON evaluation.run_id = run.id AND evaluation.subset = 'VAL'
           AND evaluation.network = 'BRANCH1' AND evaluation.step = scores.newest_step
         WHERE run.dataset_id = dataset.id AND run.state = 'COMPLETED'
         ORDER BY run.number LIMIT 1) AS first
       WHERE dataset.id = ANY ($1)`,
      [datasetIds],
    );
  }
}
