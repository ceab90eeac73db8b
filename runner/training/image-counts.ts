import { imagesBytes, MOST_IMAGES, MOST_IMAGES_BYTES } from '../../schema/report-limits.js';
import { type ImageCounts, logTo, type RecordSink, type Records } from '../tracking/tracker.js';

/** Returns a function that leaves out the counts of images for which a report has no room. It says why, once. */
export function reportableImages(sink: RecordSink<Pick<Records, 'log'>>): (images: ImageCounts) => ImageCounts | null {
  let said = false;
  return (images) => {
    const why = whyTooLarge(images);
    if (why === null) return images;
    if (!said) logTo(sink, 'WARN', `evaluations are reported without the confusion of each image: ${why}`);
    said = true;
    return null;
  };
}

function whyTooLarge({ ids, counts }: ImageCounts): string | null {
  if (ids.length > MOST_IMAGES) return `there are ${ids.length} images, and a report has room for ${MOST_IMAGES}`;
  const bytes = imagesBytes(ids, counts.length);
  if (bytes <= MOST_IMAGES_BYTES) return null;
  return `it takes ${megabytes(bytes)} MB, and a report has room for ${megabytes(MOST_IMAGES_BYTES)} MB`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
