/** Our agent closes a report when it estimates that the report has at least this many bytes. */
export const REPORT_BYTES = 256 * 1024;

/** What our agent estimates for an entry of each kind in a report, in bytes, without its texts and columns. */
export const ENTRY_BYTES = {
  evaluation: 64,
  pseudoLabels: 96,
  classCounts: 96,
  alarm: 96,
  alarmEnd: 96,
  sample: 200,
  imageReview: 240,
  labelReview: 96,
  labelDoubt: 180,
  reviewPicture: 200,
  log: 64,
  point: 40,
  imageId: 3,
} as const;

/** And for each number of an evaluation, of pseudo-label counts, of class counts or of the review of an image. */
export const COUNT_BYTES = 8;

/** What our agent estimates for the images of an evaluation, in bytes: their ids, and their counts in Base64. */
export function imagesBytes(ids: readonly string[], countBytes: number): number {
  return ids.reduce((bytes, id) => bytes + ENTRY_BYTES.imageId + 2 * id.length, 4 * Math.ceil(countBytes / 3));
}

/** How many images an evaluation may have in a report, and how many bytes (imagesBytes). Our agent leaves out the images of others. */
export const MOST_IMAGES = 10_000;
export const MOST_IMAGES_BYTES = 2 * 1024 * 1024;

const FEWEST_CLASSES = 1;
const SMALLEST_EVALUATION = ENTRY_BYTES.evaluation + COUNT_BYTES * FEWEST_CLASSES ** 2;
/** Without a confusion matrix. */
const SMALLEST_PSEUDO_LABELS = ENTRY_BYTES.pseudoLabels + COUNT_BYTES * 2 * FEWEST_CLASSES;
const SMALLEST_IMAGE_REVIEW = ENTRY_BYTES.imageReview + COUNT_BYTES * 4 * FEWEST_CLASSES;
const SMALLEST_CLASS_COUNTS = ENTRY_BYTES.classCounts + COUNT_BYTES * 3 * FEWEST_CLASSES;

/**
 * The most entries of each kind that a report of our agent can have: as many as fit if they are as small as possible, and the
 * one that fills the report. The server accepts no more.
 */
export const MOST_ENTRIES = {
  evaluations: most(SMALLEST_EVALUATION),
  pseudoLabels: most(SMALLEST_PSEUDO_LABELS),
  classCounts: most(SMALLEST_CLASS_COUNTS),
  alarms: most(ENTRY_BYTES.alarm),
  alarmEnds: most(ENTRY_BYTES.alarmEnd),
  samples: most(ENTRY_BYTES.sample),
  imageReviews: most(SMALLEST_IMAGE_REVIEW),
  labelReviews: most(ENTRY_BYTES.labelReview),
  reviewPictures: most(ENTRY_BYTES.reviewPicture),
  log: most(ENTRY_BYTES.log),
} as const;

function most(bytes: number): number {
  return Math.ceil(REPORT_BYTES / bytes);
}

/**
 * The most series and points of a report. Our agent divides points among reports that fit: one that is full has about 6,500
 * points. The server accepts more, for runners that fill their reports otherwise.
 */
export const MOST_SERIES = 500;
export const MOST_POINTS = 20_000;

/** The longest texts that the server stores, in UTF-16 code units. Longer ones are cut, by our agent and by the server. */
export const MOST_CHARACTERS = {
  logLine: 16_384,
  alarm: 1_000,
  outcome: 16_384,
  problem: 1_000,
  datasetWarning: 1_000,
} as const;
