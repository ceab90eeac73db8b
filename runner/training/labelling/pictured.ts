import { generalScore, rankImages, rarity, scoreForClass, suspicion } from '../../../schema/labelling/ranking.js';
import type { ImageReview, LabelDoubt } from '../../../schema/labelling/review.js';

/** The most unlabelled images of which pictures are reported, and how many of them rank first without a wanted class. */
const MOST_UNLABELLED = 32;
const IN_GENERAL = 8;
/** The most labelled images of which pictures are reported. */
const MOST_LABELLED = 8;

/**
 * The ids of the images of which pictures are reported: the unlabelled ones that rank first in general and then, for each class in
 * turn, the rarest first, the next one of its ranking; and the labelled ones with the most suspicious labels.
 *
 * @param labelledPixels of the labelled images of the split, by class index
 */
export function mostPictured(
  reviews: readonly ImageReview[],
  labels: readonly { imageId: string; doubts: readonly LabelDoubt[] }[],
  labelledPixels: readonly number[],
): string[] {
  const weights = rarity(labelledPixels);
  const general = rankImages(reviews, (review) => generalScore(review, weights), IN_GENERAL);
  const chosen = new Set(general.map(({ image }) => image.imageId));
  const classes = [...weights.keys()].sort((a, b) => weights[b]! - weights[a]!);
  const rankings = classes.map((index) =>
    rankImages(reviews, (review) => scoreForClass(review, index), MOST_UNLABELLED),
  );
  for (let place = 0; place < MOST_UNLABELLED; place++) {
    for (const ranking of rankings) {
      const next = ranking[place];
      if (next && next.score > 0 && chosen.size < MOST_UNLABELLED) chosen.add(next.image.imageId);
    }
  }
  const suspicious = labels
    .filter(({ doubts }) => doubts.length > 0)
    .sort((a, b) => suspicion(b.doubts[0]!) - suspicion(a.doubts[0]!))
    .slice(0, MOST_LABELLED);
  return [...chosen, ...suspicious.map(({ imageId }) => imageId)];
}
