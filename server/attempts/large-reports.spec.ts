import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { MOST_ENTRIES } from '../../schema/report-limits.js';
import { readEnv } from '../env.js';
import { Events } from '../events/events.js';
import { createLogger } from '../logger.js';
import { modules } from '../modules.js';
import { queriesOf } from '../testing/queries.js';
import { insertAttempt, insertDataset, insertRun, insertRunner } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import type { Attempt } from './attempt.entity.js';
import type { AttemptReportInput } from './attempts.types.js';

const { dataSource, url } = testDatabase();
const logger = createLogger('silent');
const events = new Events({ databaseUrl: url, logger });
const { reports } = modules.create({ dataSource, events, env: readEnv({}), logger, version: 'test' }).services;

const hashes = Array.from({ length: MOST_ENTRIES.samples }, (_, index) =>
  createHash('sha256').update(String(index)).digest('hex'),
);
const counts = { labelledPixels: [1, 2, 3], pseudoPixels: [4, 5, 6], undecidedPixels: 7 };
const confusion = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** An entry of each kind, different for each step. */
const entries: { [Field in keyof typeof MOST_ENTRIES]: (step: number) => object } = {
  evaluations: (step) => ({ step, network: 'BRANCH1', subset: 'VAL', confusion }),
  pseudoLabels: (step) => ({ step, network: 'BRANCH1', ...counts, confusion }),
  classCounts: (step) => ({
    step,
    labelledPixels: [1, 2, 3],
    labelledImages: [1, 1, 1],
    crops: 4,
    cropsWithClass: [4, 3, 2],
  }),
  alarms: (step) => ({ step, kind: 'DROP', network: 'BRANCH2', message: `at step ${step}` }),
  alarmEnds: (step) => ({ step, kind: 'DROP', network: 'BRANCH2' }),
  imageReviews: (step) => ({
    ...{ step, imageId: `${step}`, width: 9, height: 9, entropy: 0, confidence: 1, predicted: [1, 2, 3] },
    ...{ expected: [1, 2, 3], uncertain: [0, 0, 0], disputed: [0, 0, 0], hash: '0123456789abcdef' },
  }),
  labelReviews: (step) => ({ step, imageId: `${step}`, width: 9, height: 9, doubts: [] }),
  reviewPictures: (step) => ({
    ...{ step, imageId: `${step}`, kind: 'INPUT', width: 1, height: 1, sha256: hashes[step] },
  }),
  samples: (step) => ({ step, imageId: `${step}`, width: 1, height: 1, kind: 'BRANCH1', sha256: hashes[step] }),
  log: (step) => ({ at: new Date(), level: 'INFO', message: `at step ${step}` }),
};
const TABLES: Record<string, string> = {
  evaluations: 'evaluations',
  pseudoLabels: 'pseudo_labels',
  classCounts: 'class_crops',
  alarms: 'alarms',
  // All that were stored before.
  alarmEnds: 'alarms WHERE over_step = step',
  imageReviews: 'image_reviews',
  labelReviews: 'label_reviews',
  reviewPictures: 'review_pictures',
  samples: 'samples',
  log: 'log_lines',
};

describe('a report', () => {
  let runnerId: string;
  let attempt: Attempt;
  let sequence = 0;

  /** The statements that store a report. */
  const statements = (content: object) =>
    queriesOf(() => {
      const report = { attemptId: attempt.id, fence: attempt.fence, sequence: ++sequence, ...content };
      return reports.report(runnerId, report as AttemptReportInput);
    });

  beforeAll(async () => {
    const runner = await insertRunner(dataSource);
    runnerId = runner.id;
    const run = await insertRun(dataSource, await insertDataset(dataSource), { iterations: 100_000 });
    attempt = await insertAttempt(dataSource, run, runner);
    await dataSource.query(
      `INSERT INTO blobs (sha256, content_type, bytes, content)
       SELECT sha256, 'image/png', 1, sha256 FROM unnest($1::text[]) AS sha256`,
      [hashes],
    );
    await dataSource.query(
      `INSERT INTO blob_uploads (sha256, content_type, bytes, runner_id, attempt_id, completed_at)
       SELECT unnest($1::text[]), 'image/png', 1, $2, $3, now()`,
      [hashes, runnerId, attempt.id],
    );
  });

  it.each(Object.entries(entries))('with the most %s needs as many statements as with one', async (field, entry) => {
    const most = MOST_ENTRIES[field as keyof typeof MOST_ENTRIES];
    const isEvent = (query: string) => query.startsWith('/* notify */');
    const ofOne = await statements({ [field]: [entry(0)] });
    const ofMost = await statements({ [field]: Array.from({ length: most }, (_, step) => entry(step)) });
    expect(ofMost.filter((query) => !isEvent(query))).toEqual(ofOne.filter((query) => !isEvent(query)));
    expect(ofMost.filter(isEvent).length).toBeLessThan(30);
    const [stored] = await dataSource.query<{ count: number }[]>(`SELECT count(*)::int AS count FROM ${TABLES[field]}`);
    expect(stored!.count).toBe(field === 'log' ? most + 1 : most);
  });
});
