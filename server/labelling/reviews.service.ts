import { suspicion } from '../../schema/labelling/ranking.js';
import type { LabelDoubt } from '../../schema/labelling/review.js';
import type { BlobsService } from '../blobs/blobs.service.js';
import { type Context, listsInOrder } from '../context.js';
import { lastOfEach } from '../database/batches.js';
import type { Transaction } from '../database/transaction.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { invalid } from '../graphql/errors.js';
import { shown } from '../graphql/texts.js';
import { imageReviewProblems, labelReviewProblems, pictureProblems } from './review-problems.js';
import type { ImageReviewRow, LabelReviewRow, ReviewPictureRow } from './reviews.entity.js';
import type { ImageReviewInput, LabelReviewInput, ReviewPictureInput } from './reviews.inputs.js';
import type { ReviewsRepository } from './reviews.repository.js';

interface ReportedRun {
  id: string;
  datasetId: string;
}

/** What runs say about training images at their end: which to label next, and where labels may be wrong. */
export class ReviewsService {
  constructor(
    private readonly deps: {
      repository: ReviewsRepository;
      datasets: DatasetsService;
      blobs: BlobsService;
    },
  ) {}

  /** Within the caller's transaction. @throws BAD_USER_INPUT for a review that does not fit the run's dataset */
  async recordImages(transaction: Transaction, run: ReportedRun, inputs: readonly ImageReviewInput[]): Promise<void> {
    const { classes } = await this.deps.datasets.byId(transaction, run.datasetId);
    for (const input of inputs) {
      const problems = imageReviewProblems(input, classes.length);
      if (problems.length > 0) throw invalid(`the review of image ${shown(input.imageId)}`, problems);
    }
    const reviews = lastOfEach(inputs, ({ imageId }) => imageId);
    await this.deps.repository.upsertImages(transaction, run.id, reviews);
  }

  /** Within the caller's transaction. @throws BAD_USER_INPUT for a review that does not fit the run's dataset */
  async recordLabels(transaction: Transaction, run: ReportedRun, inputs: readonly LabelReviewInput[]): Promise<void> {
    const { classes } = await this.deps.datasets.byId(transaction, run.datasetId);
    for (const input of inputs) {
      const problems = labelReviewProblems(input, classes.length);
      if (problems.length > 0) throw invalid(`the review of the label of ${shown(input.imageId)}`, problems);
    }
    const reviews = lastOfEach(inputs, ({ imageId }) => imageId).map((review) => ({
      ...review,
      doubts: review.doubts.map((doubt): LabelDoubt => ({ ...doubt })).sort((a, b) => suspicion(b) - suspicion(a)),
    }));
    await this.deps.repository.upsertLabels(transaction, run.id, reviews);
  }

  /** Within the caller's transaction. @throws BAD_USER_INPUT for an invalid picture, or one that was not uploaded */
  async recordPictures(transaction: Transaction, runId: string, inputs: readonly ReviewPictureInput[]): Promise<void> {
    for (const input of inputs) {
      const problems = pictureProblems(input);
      if (problems.length > 0) throw invalid(`the picture ${input.kind} of image ${shown(input.imageId)}`, problems);
    }
    await this.deps.blobs.require(transaction, [...new Set(inputs.map(({ sha256 }) => sha256))]);
    const pictures = lastOfEach(inputs, ({ imageId, kind }) => `${kind} ${imageId}`);
    await this.deps.repository.upsertPictures(transaction, runId, pictures);
  }

  /** Of unlabelled images, in no order. Batched. */
  images(context: Context, runId: string): Promise<ImageReviewRow[]> {
    // Each has four numbers for each class.
    const rowsOf = ({ expected }: ImageReviewRow) => 1 + expected.length / 2;
    return this.load(context, 'images', runId, (ids, limit) => this.deps.repository.images(ids, limit), rowsOf);
  }

  /** Of labels that are doubted, in no order. Batched. */
  doubted(context: Context, runId: string): Promise<LabelReviewRow[]> {
    const rowsOf = ({ doubts }: LabelReviewRow) => 1 + 4 * doubts.length;
    return this.load(context, 'doubted', runId, (ids, limit) => this.deps.repository.doubted(ids, limit), rowsOf);
  }

  /** Batched. */
  pictures(context: Context, runId: string): Promise<ReviewPictureRow[]> {
    return this.load(context, 'pictures', runId, (ids, limit) => this.deps.repository.pictures(ids, limit));
  }

  private async load<Row extends { runId: string }>(
    { loaders, budget }: Context,
    what: string,
    runId: string,
    read: (ids: readonly string[], limit: number) => Promise<Row[]>,
    rowsOf?: (row: Row) => number,
  ): Promise<Row[]> {
    const loader = loaders.of<Row[]>(`reviews.${what}`, async (ids) => {
      const rows = await budget.rows((limit) => read(ids, limit), rowsOf);
      return listsInOrder(ids, rows, (row) => row.runId);
    });
    return (await loader.load(runId))!;
  }
}
