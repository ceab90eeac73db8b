import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Laboratory } from './support/laboratory.js';
import { until } from './support/program.js';

/** Real road scenes through server and runner, by every method: short trainings, whole evaluations. */
const directory = join(import.meta.dirname, '../../shared/data/camvid-small');
const present = existsSync(directory);
if (!present && process.env.CI === 'true') throw new Error(`${directory} is missing, and in CI it must be there`);

const CLASSES = 'sky building pole road pavement tree sign_symbol fence car pedestrian bicyclist'.split(' ');

interface Table {
  subset: string;
  classes: { name: string }[];
  rows: { method: string; n: number; splitHash: string; meanIou: { mean: number }; classIous: { mean: number }[] }[];
}

describe.skipIf(!present)('camvid-small at 1/8', () => {
  const lab = new Laboratory();
  beforeAll(async () => {
    await lab.startServer();
    await lab.registerRunner('r', '--data', directory);
    lab.startRunner('r');
  }, 120_000);
  afterAll(() => lab.close());

  it('trains all three methods on one split and reports the IoU of every class on test', {
    timeout: 600_000,
  }, async () => {
    const input = {
      name: 'camvid',
      base: {
        dataset: 'camvid-small',
        split: { labelledRatio: 0.125 },
        network: { width: 0.125 },
        augmentation: { crop: [192, 256], scales: [1] },
        training: {
          iterations: 6,
          batchLabelled: 2,
          batchUnlabelled: 2,
          evaluateEvery: 100,
          sampleImages: 1,
          logEvery: 4,
        },
      },
      matrix: { methods: [{ name: 'supervised' }, { name: 'cps' }, { name: 'cps_cutmix' }] },
    };
    const { createStudy } = await lab.send<{ createStudy: { id: string } }>(
      'mutation($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
      { input },
    );
    const id = createStudy.id;
    await until('the study to end', 540, async () => {
      const { study } = await lab.send<{
        study: {
          runCounts: { completed: number; failed: number };
          runs: { edges: { node: { failure: string | null } }[] };
        };
      }>('query($id: ID!) { study(id: $id) { runCounts { completed failed } runs { edges { node { failure } } } } }', {
        id,
      });
      if (study.runCounts.failed) throw new Error(JSON.stringify(study.runs));
      return study.runCounts.completed === 3;
    });
    const { study } = await lab.send<{ study: { table: Table } }>(
      `query($id: ID!) { study(id: $id) { table {
         subset classes { name } rows { method n splitHash meanIou { mean } classIous { mean } } } } }`,
      { id },
    );
    const { table } = study;
    expect(table.subset).toBe('TEST');
    expect(table.classes.map((one) => one.name)).toEqual(CLASSES);
    expect(table.rows.map((row) => [row.method, row.n])).toEqual([
      ['supervised', 1],
      ['cps', 1],
      ['cps_cutmix', 1],
    ]);
    expect(new Set(table.rows.map((row) => row.splitHash)).size).toBe(1);
    for (const row of table.rows) {
      expect(row.classIous).toHaveLength(CLASSES.length);
      const mean = row.classIous.reduce((sum, one) => sum + one.mean, 0) / CLASSES.length;
      expect(row.meanIou.mean, 'the mean over all classes, which all occur in test').toBeCloseTo(mean, 6);
      // Six iterations teach little, but a network that learned nothing stays below: 11 classes at random give 1/21.
      expect(row.meanIou.mean).toBeGreaterThan(0.03);
    }
  });
});
