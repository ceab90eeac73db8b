import { type DataSource, In } from 'typeorm';
import type { LabelDoubt } from '../../schema/labelling/review.js';
import { arrayLiteral } from '../database/batches.js';
import type { Transaction } from '../database/transaction.js';
import { ImageReviewRow, LabelReviewRow, ReviewPictureRow } from './reviews.entity.js';
import type { ImageReviewInput, LabelReviewInput, ReviewPictureInput } from './reviews.inputs.js';

export class ReviewsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores reviews of unlabelled images, no two of the same. */
  async upsertImages(transaction: Transaction, runId: string, reviews: readonly ImageReviewInput[]): Promise<void> {
    await transaction.query(
      `/* upsertImageReviews */ INSERT INTO image_reviews
         (run_id, image_id, step, width, height, disagreement, entropy, confidence, hash, predicted, expected, uncertain, disputed)
       SELECT $1, image_id, step, width, height, disagreement, entropy, confidence, hash,
         predicted::int[], expected::real[], uncertain::real[], disputed::real[]
       FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::float8[], $7::float8[], $8::float8[], $9::text[],
           $10::text[], $11::text[], $12::text[], $13::text[])
         AS given (image_id, step, width, height, disagreement, entropy, confidence, hash, predicted, expected, uncertain, disputed)
       ON CONFLICT (run_id, image_id) DO UPDATE SET step = excluded.step, width = excluded.width, height = excluded.height,
         disagreement = excluded.disagreement, entropy = excluded.entropy, confidence = excluded.confidence, hash = excluded.hash,
         predicted = excluded.predicted, expected = excluded.expected, uncertain = excluded.uncertain, disputed = excluded.disputed`,
      [
        runId,
        reviews.map(({ imageId }) => imageId),
        reviews.map(({ step }) => step),
        reviews.map(({ width }) => width),
        reviews.map(({ height }) => height),
        reviews.map(({ disagreement }) => disagreement ?? null),
        reviews.map(({ entropy }) => entropy),
        reviews.map(({ confidence }) => confidence),
        reviews.map(({ hash }) => hash),
        reviews.map(({ predicted }) => arrayLiteral(predicted)),
        // PostgreSQL refuses amounts that are smaller than the least `real`; in 32 bits, they are 0.
        ...(['expected', 'uncertain', 'disputed'] as const).map((column) =>
          reviews.map((review) => arrayLiteral(review[column].map(Math.fround))),
        ),
      ],
    );
  }

  /** Stores reviews of labels, no two of the same image. */
  async upsertLabels(
    transaction: Transaction,
    runId: string,
    reviews: readonly (Omit<LabelReviewInput, 'doubts'> & { doubts: readonly LabelDoubt[] })[],
  ): Promise<void> {
    await transaction.query(
      `/* upsertLabelReviews */ INSERT INTO label_reviews (run_id, image_id, step, width, height, doubts)
       SELECT $1, * FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::jsonb[])
       ON CONFLICT (run_id, image_id) DO UPDATE SET step = excluded.step, width = excluded.width, height = excluded.height,
         doubts = excluded.doubts`,
      [
        runId,
        reviews.map(({ imageId }) => imageId),
        reviews.map(({ step }) => step),
        reviews.map(({ width }) => width),
        reviews.map(({ height }) => height),
        reviews.map(({ doubts }) => JSON.stringify(doubts)),
      ],
    );
  }

  /** Stores pictures, no two of the same image and kind. */
  async upsertPictures(
    transaction: Transaction,
    runId: string,
    pictures: readonly ReviewPictureInput[],
  ): Promise<void> {
    await transaction.query(
      `/* upsertReviewPictures */ INSERT INTO review_pictures (run_id, image_id, kind, width, height, sha256)
       SELECT $1, * FROM unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::text[])
       ON CONFLICT (run_id, image_id, kind) DO UPDATE SET width = excluded.width, height = excluded.height,
         sha256 = excluded.sha256`,
      [
        runId,
        pictures.map(({ imageId }) => imageId),
        pictures.map(({ kind }) => kind),
        pictures.map(({ width }) => width),
        pictures.map(({ height }) => height),
        pictures.map(({ sha256 }) => sha256),
      ],
    );
  }

  /** Up to `limit` reviews of unlabelled images. */
  images(runIds: readonly string[], limit: number): Promise<ImageReviewRow[]> {
    return this.dataSource.getRepository(ImageReviewRow).find({ where: { runId: In([...runIds]) }, take: limit });
  }

  /** Up to `limit` reviews of labels that are doubted. */
  doubted(runIds: readonly string[], limit: number): Promise<LabelReviewRow[]> {
    return this.dataSource
      .getRepository(LabelReviewRow)
      .createQueryBuilder('review')
      .where('review.runId = ANY(:runIds)', { runIds: [...runIds] })
      .andWhere('jsonb_array_length(review.doubts) > 0')
      .limit(limit)
      .getMany();
  }

  /** Up to `limit` pictures. */
  pictures(runIds: readonly string[], limit: number): Promise<ReviewPictureRow[]> {
    return this.dataSource.getRepository(ReviewPictureRow).find({ where: { runId: In([...runIds]) }, take: limit });
  }
}
