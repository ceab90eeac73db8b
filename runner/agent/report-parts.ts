import {
  ALARM_ENDS_PROTOCOL,
  CLASS_COUNTS_PROTOCOL,
  PHASES_AND_IMAGES_PROTOCOL,
  POINT_TIMES_PROTOCOL,
  REVIEWS_PROTOCOL,
} from '../../schema/protocol-version.js';
import { COUNT_BYTES, ENTRY_BYTES, imagesBytes, MOST_CHARACTERS, MOST_SERIES } from '../../schema/report-limits.js';
import type { PointsRecord, Records } from '../tracking/tracker.js';
import type { ReportContent } from './report-content.js';
import { sendable } from './sendable.js';
import type { ServerClock } from './server-clock.js';
import type { Spool } from './spool.js';

/** Roughly, of a number with all its digits. */
const NUMBER_BYTES = 20;

type MetricValue = number | 'NaN' | 'Infinity' | '-Infinity';

/** Roughly how many bytes a record adds to a report and, if the report had no room for all of it, what is left. */
export type Added<Kind> = number | { bytes: number; left: Kind };

/**
 * For each kind of record, a function that adds a record to the report being collected. Files and images go to the spool, and
 * the report refers to them by their SHA-256.
 */
export type ReportParts<Kinds, Content> = {
  [Kind in keyof Kinds]: (
    report: Content,
    record: Kinds[Kind],
    spool: Spool,
  ) => Added<Kinds[Kind]> | Promise<Added<Kinds[Kind]>>;
};

export const reportParts: ReportParts<Records, ReportContent> = {
  setup(report, { classWeights, logitOffsets, ...setup }) {
    report.setup = {
      ...setup,
      ...(classWeights && { classWeights: [...classWeights] }),
      ...(logitOffsets && { logitOffsets: [...logitOffsets] }),
    };
    return 256 + NUMBER_BYTES * ((classWeights?.length ?? 0) + (logitOffsets?.length ?? 0));
  },

  phase(report, phase) {
    report.phase = phase;
    return 16;
  },

  points: (report, record) => addPoints(report, record, Date.parse(record.at)),

  evaluation(report, { images, confidences, ...counted }) {
    report.evaluations ??= [];
    const evaluation = { ...counted, ...(confidences && { confidences }) };
    const bytes = ENTRY_BYTES.evaluation + COUNT_BYTES * (counted.confusion.length + (confidences?.length ?? 0));
    if (!images) {
      report.evaluations.push(evaluation);
      return bytes;
    }
    const { ids, counts } = images;
    report.evaluations.push({ ...evaluation, images: { ids, counts: Buffer.from(counts).toString('base64') } });
    return bytes + imagesBytes(ids, counts.length);
  },

  pseudoLabels(report, labels) {
    report.pseudoLabels ??= [];
    report.pseudoLabels.push(labels);
    const counts = 2 * labels.pseudoPixels.length + (labels.confusion?.length ?? 0);
    return ENTRY_BYTES.pseudoLabels + COUNT_BYTES * counts;
  },

  classCounts(report, counts) {
    report.classCounts ??= [];
    report.classCounts.push(counts);
    return ENTRY_BYTES.classCounts + COUNT_BYTES * 3 * counts.labelledPixels.length;
  },

  alarm(report, alarm) {
    report.alarms ??= [];
    const message = sendable(alarm.message, MOST_CHARACTERS.alarm);
    report.alarms.push({ ...alarm, message });
    return ENTRY_BYTES.alarm + message.length;
  },

  alarmEnd(report, end) {
    report.alarmEnds ??= [];
    report.alarmEnds.push(end);
    return ENTRY_BYTES.alarmEnd;
  },

  async sample(report, { png, ...sample }, spool) {
    const sha256 = await spool.storeImage(png);
    report.samples ??= [];
    report.samples.push({ ...sample, sha256 });
    return ENTRY_BYTES.sample;
  },

  imageReview(report, { predicted, expected, uncertain, disputed, ...review }) {
    report.imageReviews ??= [];
    const amounts = [expected, uncertain, disputed].map((values) => values.map(inHundredths));
    const columns = { predicted: [...predicted], expected: amounts[0]!, uncertain: amounts[1]!, disputed: amounts[2]! };
    report.imageReviews.push({ ...review, ...columns });
    return ENTRY_BYTES.imageReview + 2 * review.imageId.length + COUNT_BYTES * 4 * predicted.length;
  },

  labelReview(report, { doubts, ...review }) {
    report.labelReviews ??= [];
    report.labelReviews.push({ ...review, doubts: [...doubts] });
    return ENTRY_BYTES.labelReview + 2 * review.imageId.length + ENTRY_BYTES.labelDoubt * doubts.length;
  },

  async reviewPicture(report, { png, ...picture }, spool) {
    const sha256 = await spool.storeImage(png);
    report.reviewPictures ??= [];
    report.reviewPictures.push({ ...picture, sha256 });
    return ENTRY_BYTES.reviewPicture;
  },

  log(report, line) {
    report.log ??= [];
    const message = sendable(line.message, MOST_CHARACTERS.logLine);
    report.log.push({ ...line, message });
    return ENTRY_BYTES.log + message.length;
  },

  /** It is sent beside the reports, and named in one when the server has it (checkpoint-uploads.ts). */
  async checkpoint(_report, { step, file }, spool) {
    await spool.adoptCheckpoint(step, file);
    return 0;
  },
};

/** Digits beyond these say nothing about an image. */
const inHundredths = (pixels: number): number => Math.round(100 * pixels) / 100;

/** The same, for a server of this version of the protocol, whose clock may differ from this machine's. */
export function reportPartsFor(protocol: number, clock: ServerClock): ReportParts<Records, ReportContent> {
  return {
    ...reportParts,
    // An older server would refuse the whole report.
    ...(protocol < ALARM_ENDS_PROTOCOL && { alarmEnd: () => 0 }),
    ...(protocol < PHASES_AND_IMAGES_PROTOCOL && { phase: () => 0 }),
    ...(protocol < CLASS_COUNTS_PROTOCOL && {
      setup: (report, { classWeights: _, logitOffsets: __, secondParameters: ___, ...setup }, spool) =>
        reportParts.setup(report, setup, spool),
      classCounts: () => 0,
      evaluation: (report, { images, ...evaluation }, spool) => {
        const known = protocol < PHASES_AND_IMAGES_PROTOCOL ? null : images;
        return reportParts.evaluation(report, { ...evaluation, images: known, confidences: null }, spool);
      },
    }),
    ...(protocol < REVIEWS_PROTOCOL && { imageReview: () => 0, labelReview: () => 0, reviewPicture: () => 0 }),
    points: (report, record) =>
      addPoints(report, record, protocol < POINT_TIMES_PROTOCOL ? null : Date.parse(clock.correct(record.at))),
    log: (report, line, spool) => reportParts.log(report, { ...line, at: clock.correct(line.at) }, spool),
  };
}

/**
 * Groups points into one column for each series.
 * @param timeMs when they were computed; null if the server does not want to know
 */
function addPoints(report: ReportContent, record: PointsRecord, timeMs: number | null): Added<PointsRecord> {
  const { step, values } = record;
  const columns = report.points ?? [];
  report.points = columns;
  const left: Record<string, number> = {};
  let bytes = 8;
  for (const [series, value] of Object.entries(values)) {
    let column = columns.find((one) => one.series === series);
    if (!column && columns.length === MOST_SERIES) {
      left[series] = value;
      continue;
    }
    if (!column) {
      column = { series, steps: [], values: [], ...(timeMs !== null && { times: [] }) };
      columns.push(column);
      bytes += series.length;
    }
    column.steps.push(step);
    column.values.push(metricValue(value));
    if (timeMs !== null) column.times!.push(timeMs);
    bytes += ENTRY_BYTES.point;
  }
  if (Object.keys(left).length > 0) return { bytes, left: { ...record, values: left } };
  report.step = step;
  return bytes;
}

/** JSON has no NaN or infinity, so they are sent as strings. */
function metricValue(value: number): MetricValue {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}
