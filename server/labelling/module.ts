import type { BlobsService } from '../blobs/blobs.service.js';
import type { ClassCountsService } from '../clinic/class-counts.service.js';
import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { EvaluationsService } from '../evaluations/evaluations.service.js';
import { LabellingResolver } from './labelling.resolver.js';
import { LabellingService } from './labelling.service.js';
import { ImageReviewRow, LabelReviewRow, ReviewPictureRow } from './reviews.entity.js';
import { ImageReviewInput, LabelReviewInput, ReviewPictureInput } from './reviews.inputs.js';
import { ReviewsRepository } from './reviews.repository.js';
import { ReviewsService } from './reviews.service.js';

interface Needs extends Base {
  blobs: BlobsService;
  datasets: DatasetsService;
  evaluations: EvaluationsService;
  classCounts: ClassCountsService;
}

export const labellingModule = createModule({
  create: ({ dataSource, datasets, blobs, evaluations, classCounts }: Needs) => {
    const reviews = new ReviewsService({ repository: new ReviewsRepository(dataSource), datasets, blobs });
    return { reviews, labelling: new LabellingService({ reviews, evaluations, classCounts }) };
  },
  entities: [ImageReviewRow, LabelReviewRow, ReviewPictureRow],
  resolvers: [LabellingResolver],
  report: [
    {
      field: 'imageReviews',
      description: 'What the networks make of unlabelled training images, at the end of the run.',
      input: () => [ImageReviewInput],
      record: ({ reviews }, { transaction, run }, inputs: ImageReviewInput[]) =>
        reviews.recordImages(transaction, run, inputs),
    },
    {
      field: 'labelReviews',
      description: 'Where the networks doubt the labels of training images, at the end of the run.',
      input: () => [LabelReviewInput],
      record: ({ reviews }, { transaction, run }, inputs: LabelReviewInput[]) =>
        reviews.recordLabels(transaction, run, inputs),
    },
    {
      field: 'reviewPictures',
      description: 'Pictures of images that were reviewed. Their blobs must have been uploaded.',
      input: () => [ReviewPictureInput],
      record: ({ reviews }, { transaction, run }, inputs: ReviewPictureInput[]) =>
        reviews.recordPictures(transaction, run.id, inputs),
    },
  ],
});
