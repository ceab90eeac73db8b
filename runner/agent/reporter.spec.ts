import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CLASS_COUNTS_PROTOCOL, POINT_TIMES_PROTOCOL, REVIEWS_PROTOCOL } from '../../schema/protocol-version.js';
import { MOST_ENTRIES, MOST_SERIES } from '../../schema/report-limits.js';
import { NOTHING_ALLOWED } from '../files/allowed-sources.js';
import { messageTracker, type RecordMessage, type Records } from '../tracking/tracker.js';
import type { ReportContent } from './report-content.js';
import { type ReportParts, reportParts, reportPartsFor } from './report-parts.js';
import { Reporter } from './reporter.js';
import { ServerClock } from './server-clock.js';
import { Spool } from './spool.js';
import { TrainingProcess } from './training-process.js';

let folder: string;
let spool: Spool;
let reports: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crosscheck-reporter-'));
  spool = await Spool.create(join(folder, 'attempt'), 1024 * 1024);
  reports = 0;
});
afterEach(() => {
  spool.close();
  rmSync(folder, { recursive: true });
});

function create<Kinds, Content extends ReportContent>(parts: ReportParts<Kinds, Content>): Reporter<Kinds, Content> {
  const onReport = () => {
    reports += 1;
  };
  const onError = (error: Error) => {
    throw error;
  };
  return new Reporter(parts, spool, onReport, onError);
}

/** The next report to be delivered. */
async function nextReport(reporter: Reporter): Promise<ReportContent | undefined> {
  await reporter.flush();
  return spool.oldest()?.content;
}

const AT = '2026-01-01T00:00:00.000Z';
const AT_MS = Date.parse(AT);

const labels = {
  step: 5,
  network: 'BRANCH1' as const,
  labelledPixels: [1, 2],
  pseudoPixels: [3, 4],
  undecidedPixels: 0,
  confusion: [3, 0, 0, 4],
};

test('points become one column per series, and the step is the newest one', async () => {
  const reporter = create(reportParts);
  reporter.report('points', { step: 5, values: { loss: 0.5, lr: 0.1 }, at: AT });
  reporter.report('points', { step: 10, values: { loss: 0.25 }, at: AT });
  expect(await nextReport(reporter)).toEqual({
    step: 10,
    points: [
      { series: 'loss', steps: [5, 10], values: [0.5, 0.25], times: [AT_MS, AT_MS] },
      { series: 'lr', steps: [5], values: [0.1], times: [AT_MS] },
    ],
  });
});

test('points of more series than a report may have become several reports', async () => {
  const reporter = create(reportParts);
  const values = Object.fromEntries(Array.from({ length: 2 * MOST_SERIES + 1 }, (_, i) => [`series ${i}`, i]));
  reporter.report('points', { step: 1, values: { before: 0 }, at: AT });
  reporter.report('points', { step: 2, values, at: AT });
  await reporter.flush();
  const sent: ReportContent[] = [];
  for (let report = spool.oldest(); report; report = spool.oldest()) {
    sent.push(report.content);
    await spool.acknowledge(report.sequence);
  }
  expect(sent.map(({ points }) => points!.length)).toEqual([MOST_SERIES, MOST_SERIES, 2]);
  // The step is reported with its last points.
  expect(sent.map(({ step }) => step)).toEqual([1, undefined, 2]);
  const names = sent.flatMap(({ points }) => points!.map(({ series }) => series));
  expect(names).toEqual(['before', ...Object.keys(values)]);
});

test('a server that does not ask for times gets none, and others get those by its clock', async () => {
  const clock = new ServerClock();
  clock.learn(new Date(Date.now() + 3_600_000).toISOString(), performance.now(), performance.now());
  const timesOf = async (protocol: number) => {
    const reporter = create(reportPartsFor(protocol, clock));
    reporter.report('points', { step: 1, values: { loss: 1 }, at: new Date().toISOString() });
    const report = await nextReport(reporter);
    await spool.acknowledge(1);
    return report!.points![0]!.times;
  };
  expect(await timesOf(POINT_TIMES_PROTOCOL - 1)).toBeUndefined();
  const [timeMs] = (await timesOf(POINT_TIMES_PROTOCOL))!;
  expect(Math.abs(timeMs! - Date.now() - 3_600_000)).toBeLessThan(60_000);
});

test('an older server gets no class weights, and a newer one only those that the run has', async () => {
  const setup = { engine: 'e', device: 'd', splitHash: 's', labelledImages: 1, unlabelledImages: 1, parameters: 1 };
  const weighted = { ...setup, classWeights: [1, 2], logitOffsets: null };
  const sent = async (protocol: number) => {
    const reporter = create(reportPartsFor(protocol, new ServerClock()));
    reporter.report('setup', weighted);
    const report = await nextReport(reporter);
    await spool.acknowledge(1);
    return report!.setup;
  };
  expect(await sent(CLASS_COUNTS_PROTOCOL - 1)).toEqual(setup);
  expect(await sent(CLASS_COUNTS_PROTOCOL)).toEqual({ ...setup, classWeights: [1, 2] });
});

test('NaN and infinities are sent as strings', async () => {
  const reporter = create(reportParts);
  const values = { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY };
  reporter.report('points', { step: 1, values, at: AT });
  const columns = (await nextReport(reporter))!.points!;
  expect(columns.map((column) => column.values[0])).toEqual(['NaN', 'Infinity', '-Infinity']);
});

test('a flush without records makes no report, but an empty log line does', async () => {
  const reporter = create(reportParts);
  await reporter.flush();
  expect(spool.isEmpty).toBe(true);
  const line = { at: '2026-01-01T00:00:00.000Z', level: 'INFO' as const, message: '' };
  reporter.report('log', line);
  expect(await nextReport(reporter)).toEqual({ log: [line] });
  await reporter.flush();
  expect(reports).toBe(1);
});

test('a checkpoint waits beside the reports, and is named in one of its own, after all that precedes it', async () => {
  const reporter = create(reportParts);
  writeFileSync(join(folder, 'step-2'), 'xx');
  reporter.report('points', { step: 2, values: { loss: 0.5 }, at: AT });
  reporter.report('checkpoint', { step: 2, file: join(folder, 'step-2') });
  const points = await nextReport(reporter);
  expect(points).toEqual({ step: 2, points: [{ series: 'loss', steps: [2], values: [0.5], times: [AT_MS] }] });
  const [checkpoint] = spool.checkpoints.all;
  expect(checkpoint).toMatchObject({ step: 2, bytes: 2 });
  reporter.report('points', { step: 3, values: { loss: 0.4 }, at: AT });
  await reporter.name(checkpoint!);
  await spool.acknowledge(2);
  expect(await nextReport(reporter)).toEqual({ checkpoint });
});

test('pseudo-labels and alarms keep their order', async () => {
  const reporter = create(reportParts);
  const others = { ...labels, network: 'BRANCH2' as const, confusion: null };
  const alarm = { step: 5, kind: 'DROP' as const, network: 'BRANCH1' as const, classIndex: null, message: 'fell' };
  reporter.report('pseudoLabels', labels);
  reporter.report('pseudoLabels', others);
  reporter.report('alarm', alarm);
  const { message: _, ...about } = alarm;
  const ends = [10, 20].map((step) => ({ ...about, step }));
  for (const end of ends) reporter.report('alarmEnd', end);
  expect(await nextReport(reporter)).toEqual({ pseudoLabels: [labels, others], alarms: [alarm], alarmEnds: ends });
});

test('the counts of the images of an evaluation are sent in Base64', async () => {
  const reporter = create(reportParts);
  const evaluation = { step: 1, network: 'BRANCH1', subset: 'VAL', confusion: [300, 0, 0, 0] } as const;
  const images = { ids: ['a'], counts: Uint8Array.of(1, 1, 0xac, 2) };
  const record = { ...evaluation, confusion: [...evaluation.confusion] };
  reporter.report('evaluation', { ...record, images, confidences: [0.5, null] });
  reporter.report('evaluation', { ...record, step: 2, images: null, confidences: null });
  expect((await nextReport(reporter))!.evaluations).toEqual([
    { ...record, images: { ids: ['a'], counts: 'AQGsAg==' }, confidences: [0.5, null] },
    { ...record, step: 2 },
  ]);
});

test('a server that does not know class counts and confidences gets none', async () => {
  const counts = { step: 1, labelledPixels: [1], labelledImages: [1], crops: 1, cropsWithClass: [1] };
  const evaluation = { step: 1, network: 'BRANCH1', subset: 'VAL', confusion: [3], images: null } as const;
  const sent = async (protocol: number) => {
    const reporter = create(reportPartsFor(protocol, new ServerClock()));
    reporter.report('classCounts', counts);
    reporter.report('evaluation', { ...evaluation, confusion: [3], confidences: [0.5] });
    const report = await nextReport(reporter);
    await spool.acknowledge(spool.oldest()!.sequence);
    return [report!.classCounts, report!.evaluations![0]!.confidences];
  };
  expect(await sent(CLASS_COUNTS_PROTOCOL)).toEqual([[counts], [0.5]]);
  expect(await sent(CLASS_COUNTS_PROTOCOL - 1)).toEqual([undefined, undefined]);
});

test('a server that does not know reviews gets none, and others get their numbers in hundredths', async () => {
  const review = {
    ...{ step: 1, imageId: 'a', width: 2, height: 2, disagreement: null, entropy: 0.123456, confidence: 1 },
    ...{ predicted: [4], expected: [1.23456], uncertain: [0.004], disputed: [0], hash: '0123456789abcdef' },
  };
  const picture = { step: 1, imageId: 'a', kind: 'INPUT', width: 1, height: 1 } as const;
  const sent = async (protocol: number) => {
    const reporter = create(reportPartsFor(protocol, new ServerClock()));
    reporter.report('imageReview', review);
    reporter.report('labelReview', { step: 1, imageId: 'b', width: 2, height: 2, doubts: [] });
    reporter.report('reviewPicture', { ...picture, png: new Uint8Array([1, 2]) });
    reporter.report('log', { at: '2026-01-01T00:00:00.000Z', level: 'INFO', message: '' });
    const { imageReviews, labelReviews, reviewPictures } = (await nextReport(reporter))!;
    await spool.acknowledge(spool.oldest()!.sequence);
    return { imageReviews, labelReviews, reviewPictures };
  };
  expect(await sent(REVIEWS_PROTOCOL)).toEqual({
    imageReviews: [{ ...review, expected: [1.23], uncertain: [0] }],
    labelReviews: [{ step: 1, imageId: 'b', width: 2, height: 2, doubts: [] }],
    reviewPictures: [{ ...picture, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  });
  expect(await sent(REVIEWS_PROTOCOL - 1)).toEqual({});
});

test('a report is closed when it reaches 256 KiB', async () => {
  const reporter = create(reportParts);
  const confusion = Array.from({ length: 10_000 }, () => 1);
  for (let step = 1; step <= 4; step++) reporter.report('pseudoLabels', { ...labels, step, confusion });
  const steps = (await nextReport(reporter))!.pseudoLabels!.map(({ step }) => step);
  expect(steps).toEqual([1, 2, 3, 4]);
  for (let step = 1; step <= 5; step++)
    reporter.report('evaluation', {
      step,
      network: 'BRANCH1',
      subset: 'VAL',
      confusion,
      images: null,
      confidences: null,
    });
  await reporter.flush();
  expect(reports).toBe(3);
});

/** Adding a kind takes one entry in each table. */
interface MoreRecords extends Records {
  note: { step: number; words: string[] };
}
type MoreContent = ReportContent & { notes?: string[] };
const moreParts: ReportParts<MoreRecords, MoreContent> = {
  ...reportParts,
  note(report, { step, words }) {
    report.notes ??= [];
    report.notes.push(`${step}: ${words.join(' ')}`);
    return 64;
  },
};
// @ts-expect-error: a kind without an entry in the report parts does not compile.
const incomplete: ReportParts<MoreRecords, MoreContent> = { ...reportParts };

const smallest = {
  evaluations: [
    'evaluation',
    { step: 0, network: 'BRANCH1', subset: 'VAL', confusion: [1], images: null, confidences: null },
  ],
  pseudoLabels: ['pseudoLabels', { ...labels, labelledPixels: [1], pseudoPixels: [1], confusion: null }],
  alarms: ['alarm', { step: 0, kind: 'DROP', network: null, classIndex: null, message: '' }],
  alarmEnds: ['alarmEnd', { step: 0, kind: 'DROP', network: null, classIndex: null }],
  classCounts: ['classCounts', { step: 0, labelledPixels: [1], labelledImages: [1], crops: 1, cropsWithClass: [1] }],
  imageReviews: [
    'imageReview',
    {
      ...{ step: 0, imageId: '', width: 1, height: 1, disagreement: null, entropy: 0, confidence: 1, hash: '0' },
      ...{ predicted: [1], expected: [1], uncertain: [0], disputed: [0] },
    },
  ],
  labelReviews: ['labelReview', { step: 0, imageId: '', width: 1, height: 1, doubts: [] }],
  reviewPictures: [
    'reviewPicture',
    { step: 0, imageId: '', kind: 'INPUT', width: 1, height: 1, png: new Uint8Array(1) },
  ],
  samples: ['sample', { step: 0, imageId: '', width: 1, height: 1, kind: 'INPUT', png: new Uint8Array(1) }],
  log: ['log', { at: '2026-01-01T00:00:00.000Z', level: 'INFO', message: '' }],
} satisfies { [Field in keyof typeof MOST_ENTRIES]: [keyof Records, object] };

test.each(Object.entries(smallest))('a report has at most as many %s as the server accepts', async (field, record) => {
  const most = MOST_ENTRIES[field as keyof typeof MOST_ENTRIES];
  const reporter = create(reportParts);
  const [kind, entry] = record as [keyof Records, never];
  for (let i = 0; i < most + 10; i++) reporter.report(kind, entry);
  expect(((await nextReport(reporter)) as Record<string, unknown[]>)[field]).toHaveLength(most);
});

test('a new kind of record reaches the report with one entry in each table', async () => {
  const messages: RecordMessage<MoreRecords>[] = [];
  const tracker = messageTracker<MoreRecords>(
    (message) => messages.push(message),
    () => null,
  );
  tracker.report('note', { step: 3, words: ['hello', 'there'] });
  // @ts-expect-error: the record is checked against its kind.
  const bad = () => tracker.report('note', { step: 3, file: 'x' });
  expect(bad).toBeInstanceOf(Function);
  expect(Object.keys(moreParts)).toEqual([...Object.keys(incomplete), 'note']);

  // Through a real process and its channel.
  const reporter = create(moreParts);
  const job = { source: { name: 'shapes', kind: 'shapes', directory: null }, fingerprint: 'a'.repeat(64) } as const;
  const engine = { engine: 'wasm', engineOptions: { kernels: 'auto', adapter: null } } as const;
  const where = { workDirectory: folder, checkedFolder: null, resumeFrom: null, allowed: NOTHING_ALLOWED };
  const script = join(import.meta.dirname, 'testing/child.mjs');
  const config = { messages, steps: 0 };
  const training = new TrainingProcess(
    script,
    { config, ...job, ...engine, ...where },
    join(folder, 'log'),
    reporter,
    () => {},
  );
  expect(await training.ended).toEqual({ said: { outcome: 'completed' } });
  await reporter.flush();
  expect(spool.oldest()?.content).toEqual({ notes: ['3: hello there'] });
});
