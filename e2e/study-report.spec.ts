import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api } from '../cli/api.js';
import { studyReport } from '../cli/output/report.js';
import { CreateStudyDocument, StudyTableDocument } from '../schema/generated/cli/graphql.js';
import { ReportingRunner } from './support/reporting-runner.js';
import { TestStack } from './support/test-stack.js';

const stack = new TestStack();
const dataset = {
  name: 'no-test-subset',
  classes: [
    { name: 'road', color: '#804080' },
    { name: 'sky', color: '#4682b4' },
  ],
};
const runner = new ReportingRunner(stack, 'r', dataset);

beforeAll(async () => {
  await stack.startServer();
  await runner.register();
}, 120_000);
afterAll(() => stack.close());

test('the report of a study has the scores on the subset of its table, and one configuration per setting', async () => {
  const api = new Api(stack.url);
  const base = { dataset: dataset.name, split: { labelledImages: 45 } };
  const methods = [{ name: 'supervised' }, { name: 'cps' }, { name: 'cps', on: 'labelled' }];
  const input = { name: 'a study', description: 'Of three.', base, matrix: { methods, seeds: [4, 2] } };
  const { createStudy } = await api.send(CreateStudyDocument, { input });
  for (let run = 0; run < 6; run++) {
    await runner.claimRun();
    await runner.setUp();
    await runner.evaluation(1000, 'BRANCH1', [0.5, 0.25]);
    await runner.evaluation(1000, 'BRANCH2', [0.5, 0.35]);
    await runner.evaluation(1000, 'ENSEMBLE', [0.5, 0.45]);
    // The lowest seed of one method fails, so the report shows another seed.
    await runner.finish(run === 3 ? 'FAILED' : 'SUCCEEDED', run === 3 ? 'the loss is NaN' : undefined);
  }

  const { study } = await api.send(StudyTableDocument, { studyId: createStudy.id });
  const report = await studyReport(api, createStudy.id, study!.table);
  expect(report).toMatch(/^# a study\n\nOf three\. 45 labelled and 322 unlabelled images/);
  expect(report).toContain('## IoU on val, in %');
  expect(report).toContain('| method | seed | iterations | mIoU on val, network 1 | network 2 | both | minutes |');
  expect(
    report.match(/^\| (Supervised|CPS \(on (both|labelled)\)) \| [24] \| 1000 \| 37\.50 \| 42\.50 \| 47\.50 \|/gm),
  ).toHaveLength(5);
  const shown = [...report.matchAll(/```json\n(.*)\n```/g)].map(([, json]) => JSON.parse(json!));
  expect(shown.map(({ method, seed }) => [method.name, method.on, seed])).toEqual([
    ['cps', 'both', 2],
    ['cps', 'labelled', 2],
    ['supervised', undefined, 4],
  ]);
});
