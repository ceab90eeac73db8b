import type { Dataset, LabelledImage } from '../../data/dataset.js';
import { pictureOf } from '../../data/images/picture.js';
import { encodePalettePng, encodeRgbPng } from '../../data/images/png.js';
import { shrink } from '../../data/images/rescale.js';
import type { RecordSink, Records, ReviewPictureKind } from '../../tracking/tracker.js';
import type { Predictions } from '../predictions.js';

/** Pictures are reduced so that no side is longer, in pixels. */
const LONGEST_SIDE = 256;

/** In a picture of what differs, 0 is drawn in this colour and 1 is transparent. */
const DIFFERENT = { name: 'different', color: [255, 0, 160] as [number, number, number] };
const SAME = 1;

/**
 * Reports small pictures of an image: the input, what the networks predict together, and what differs. Of a labelled image, that is
 * where they predict another class than its label, which is reported too; otherwise where the two networks disagree.
 */
export async function reportPictures(
  image: LabelledImage,
  predictions: Predictions,
  options: {
    dataset: Pick<Dataset, 'descriptor'>;
    tracker: RecordSink<Pick<Records, 'reviewPicture'>>;
    step: number;
    isLabelled: boolean;
  },
): Promise<void> {
  const { classes, ignoreIndex } = options.dataset.descriptor;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  const reduced = (labels: Uint8Array): LabelledImage =>
    scale < 1 ? shrink({ ...image, labels }, scale) : { ...image, labels };
  const predicted = (predictions.get('ENSEMBLE') ?? predictions.get('BRANCH1')!).labels;
  const [small, prediction] = [reduced(image.labels), reduced(predicted)];
  const { width, height } = small;
  const report = (kind: ReviewPictureKind, png: Uint8Array) =>
    options.tracker.report('reviewPicture', { step: options.step, imageId: image.id, kind, width, height, png });
  report('INPUT', await encodeRgbPng(pictureOf(small), width, height));
  report('PREDICTION', await encodePalettePng(prediction.labels, width, height, classes, ignoreIndex));
  if (options.isLabelled) report('LABEL', await encodePalettePng(small.labels, width, height, classes, ignoreIndex));
  const differs = differing(image, predictions, { isLabelled: options.isLabelled, ignoreIndex });
  if (!differs) return;
  report('DIFFERENCE', await encodePalettePng(reduced(differs).labels, width, height, [DIFFERENT], SAME));
}

/** 0 for each pixel that differs, 1 for each that does not; null for an unlabelled image and a single network. */
function differing(
  { labels }: LabelledImage,
  predictions: Predictions,
  { isLabelled, ignoreIndex }: { isLabelled: boolean; ignoreIndex: number },
): Uint8Array | null {
  const first = predictions.get('BRANCH1')!.labels;
  if (isLabelled) {
    const predicted = predictions.get('ENSEMBLE')?.labels ?? first;
    return labels.map((label, i) => (label === ignoreIndex || label === predicted[i] ? SAME : 0));
  }
  const second = predictions.get('BRANCH2')?.labels;
  return second ? first.map((label, i) => (label === second[i] ? SAME : 0)) : null;
}
