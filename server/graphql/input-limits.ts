import { MOST_CHARACTERS, MOST_ENTRIES, MOST_IMAGES, MOST_IMAGES_BYTES } from '../../schema/report-limits.js';
import { MAX_PAGE } from './connection.js';

/** No text of the API is longer, except for LONGEST_TEXTS and those that are cut (REPAIRED_TEXTS). */
export const MAX_TEXT_LENGTH = 10_000;

/** Lists, also those within JSON, are at most this long, unless LONGEST_LISTS says otherwise. Many features allow less. */
export const MAX_LIST_LENGTH = 1000;

/** Labels are bytes, and one value is reserved for the ignore index. */
const MAX_CLASSES = 255;
const MAX_POINTS = 100_000;

/** By place in the schema. */
const LONGEST_LISTS = new Map([
  ['AttemptReportInput.alarmEnds', MOST_ENTRIES.alarmEnds],
  ['AttemptReportInput.alarms', MOST_ENTRIES.alarms],
  ['AttemptReportInput.classCounts', MOST_ENTRIES.classCounts],
  ['AttemptReportInput.evaluations', MOST_ENTRIES.evaluations],
  ['AttemptReportInput.imageReviews', MOST_ENTRIES.imageReviews],
  ['AttemptReportInput.labelReviews', MOST_ENTRIES.labelReviews],
  ['AttemptReportInput.log', MOST_ENTRIES.log],
  ['AttemptReportInput.pseudoLabels', MOST_ENTRIES.pseudoLabels],
  ['AttemptReportInput.reviewPictures', MOST_ENTRIES.reviewPictures],
  ['AttemptReportInput.samples', MOST_ENTRIES.samples],
  ['EvaluationImagesInput.ids', MOST_IMAGES],
  ['EvaluationInput.confusion', MAX_CLASSES ** 2],
  // Each attempt is a transaction. A runner has at most 64 slots.
  ['Mutation.heartbeat(attempts:)', 100],
  ['PointColumnsInput.steps', MAX_POINTS],
  ['PointColumnsInput.times', MAX_POINTS],
  ['PointColumnsInput.values', MAX_POINTS],
  ['PseudoLabelsInput.confusion', MAX_CLASSES ** 2],
  ['Query.nodes(ids:)', MAX_PAGE],
  ['RunSetupInput.classWeights', MAX_CLASSES],
  ['RunSetupInput.logitOffsets', MAX_CLASSES],
  ['RunnerInfoInput.datasets', 200],
]);

/**
 * A cursor holds the values that a row is sorted by. The longest that a run has are its failure and its notes; as much as the notes
 * is left for the other values and the order. In JSON within JSON, a character becomes up to 7 bytes, such as `\\u0007`, and
 * base64 makes 4 characters of 3 bytes.
 */
const MAX_CURSOR_LENGTH = Math.ceil(((MOST_CHARACTERS.outcome + 2 * MAX_TEXT_LENGTH) * 7 * 4) / 3);

/** The lists that can be sorted by any field. */
const SORTED_LISTS = ['Query.runs', 'Query.runGroups', 'Study.runs'];

/** By place in the schema. */
const LONGEST_TEXTS = new Map([
  ['EvaluationImagesInput.counts', MOST_IMAGES_BYTES],
  ...SORTED_LISTS.flatMap((list) =>
    ['after', 'before'].map((name): [string, number] => [`${list}(${name}:)`, MAX_CURSOR_LENGTH]),
  ),
]);

/**
 * Texts that a runner passes on from its training process, its libraries or its drivers, for people to read. What cannot be
 * stored is replaced in them: a run must not be lost because of a NUL in a log line.
 */
export const REPAIRED_TEXTS: ReadonlySet<string> = new Set([
  'AlarmInput.message',
  'LogLineInput.message',
  'Mutation.finishAttempt(message:)',
  'Mutation.heartbeat(problem:)',
  'RunSetupInput.device',
]);

/** How many entries the list at this place of the schema may have. */
export function longestList(coordinate: string): number {
  return LONGEST_LISTS.get(coordinate) ?? MAX_LIST_LENGTH;
}

/** How many characters the text at this place of the schema may have. */
export function longestText(coordinate: string): number {
  return LONGEST_TEXTS.get(coordinate) ?? MAX_TEXT_LENGTH;
}

/** The places that this file names. A test compares them with the schema. */
export const namedPlaces = (): string[] => [...LONGEST_LISTS.keys(), ...LONGEST_TEXTS.keys(), ...REPAIRED_TEXTS];
