import {
  generalScore,
  type Ranked,
  rankImages,
  rarity,
  scoreForClass,
  suspicion,
} from '../../schema/labelling/ranking.js';
import type { LabelDoubt as StoredDoubt } from '../../schema/labelling/review.js';
import type { ClassCountsService } from '../clinic/class-counts.service.js';
import type { Context } from '../context.js';
import type { DatasetClass } from '../datasets/dataset.entity.js';
import { indicesOf } from '../evaluations/classes/class-names.js';
import type { EvaluationsService } from '../evaluations/evaluations.service.js';
import { checkPageSize } from '../graphql/connection.js';
import type { ImageToLabel, LabelDoubt, ReviewPictures, SuspiciousLabel } from './labelling.types.js';
import type { ImageReviewRow, ReviewPictureRow } from './reviews.entity.js';
import { ReviewPictureKind } from './reviews.inputs.js';
import type { ReviewsService } from './reviews.service.js';

/** Says which images of a run to label next, and which labels may be wrong. */
export class LabellingService {
  constructor(
    private readonly deps: {
      reviews: ReviewsService;
      evaluations: EvaluationsService;
      classCounts: ClassCountsService;
    },
  ) {}

  /**
   * The unlabelled images that are most worth labelling, for a class if one is named; empty if the run has reviewed none. Batched.
   * @throws BAD_USER_INPUT for a page size outside 1 to 100, or an unknown class
   */
  async labelNext(context: Context, runId: string, first: number, forClass: string | null): Promise<ImageToLabel[]> {
    checkPageSize(first);
    const { reviews, evaluations, classCounts } = this.deps;
    const [classes, images, pictures, labels] = await Promise.all([
      evaluations.classes(context, runId),
      reviews.images(context, runId),
      reviews.pictures(context, runId),
      classCounts.labels(context, runId),
    ]);
    const wanted = forClass === null ? null : indicesOf(classes, [forClass], 'forClass')[0]!;
    const weights = rarity(labels?.pixels ?? classes.map(() => 1));
    const scoreOf = (review: ImageReviewRow) =>
      wanted === null ? generalScore(review, weights) : scoreForClass(review, wanted);
    return rankImages(images, scoreOf, first).map((ranked) => imageToLabel(ranked, classes, pictures));
  }

  /** The labelled images whose labels are doubted most; empty if there are none. Batched. @throws BAD_USER_INPUT for a page size outside 1 to 100 */
  async suspiciousLabels(context: Context, runId: string, first: number): Promise<SuspiciousLabel[]> {
    checkPageSize(first);
    const [classes, labels, pictures] = await Promise.all([
      this.deps.evaluations.classes(context, runId),
      this.deps.reviews.doubted(context, runId),
      this.deps.reviews.pictures(context, runId),
    ]);
    return labels
      .map(({ imageId, step, width, height, doubts }) => ({
        ...{ imageId, step, width, height, score: suspicion(doubts[0]!) },
        doubts: doubts.map((doubt) => shownDoubt(doubt, classes)),
        pictures: picturesOf(imageId, pictures),
      }))
      .sort((a, b) => b.score - a.score || (a.imageId < b.imageId ? -1 : 1))
      .slice(0, first);
  }
}

function imageToLabel(
  { image, score, similarTo }: Ranked<ImageReviewRow>,
  classes: readonly DatasetClass[],
  pictures: readonly ReviewPictureRow[],
): ImageToLabel {
  const { imageId, step, width, height, disagreement, entropy, confidence, predicted, expected } = image;
  const pixels = width * height;
  return {
    ...{ imageId, score, similarTo, step, width, height, disagreement, entropy, confidence },
    classes: classes.map(({ name }, classIndex) => ({
      ...{ classIndex, name },
      predictedShare: predicted[classIndex]! / pixels,
      expectedShare: expected[classIndex]! / pixels,
    })),
    pictures: picturesOf(imageId, pictures),
  };
}

function shownDoubt(doubt: StoredDoubt, classes: readonly DatasetClass[]): LabelDoubt {
  const { classIndex, takenFor, ...rest } = doubt;
  const nameOf = (index: number) => classes[index]?.name ?? '';
  return { ...rest, label: nameOf(classIndex), takenFor: nameOf(takenFor), score: suspicion(doubt) };
}

/** Null if there is no picture of the image itself. */
function picturesOf(imageId: string, pictures: readonly ReviewPictureRow[]): ReviewPictures | null {
  const find = (kind: ReviewPictureKind) => pictures.find((each) => each.imageId === imageId && each.kind === kind);
  const input = find(ReviewPictureKind.INPUT);
  if (!input) return null;
  const url = (kind: ReviewPictureKind) => urlOf(find(kind));
  return {
    width: input.width,
    height: input.height,
    inputUrl: urlOf(input)!,
    labelUrl: url(ReviewPictureKind.LABEL),
    predictionUrl: url(ReviewPictureKind.PREDICTION),
    differenceUrl: url(ReviewPictureKind.DIFFERENCE),
  };
}

/** A path below the server's address, which the server does not know. */
function urlOf(picture: ReviewPictureRow | undefined): string | null {
  return picture ? `/blobs/${picture.sha256}` : null;
}
