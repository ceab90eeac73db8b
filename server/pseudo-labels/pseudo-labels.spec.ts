import { In } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { type Context, Loaders } from '../context.js';
import { DatasetsRepository } from '../datasets/datasets.repository.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { Budget } from '../graphql/budget.js';
import { Run } from '../runs/run.entity.js';
import { queriesOf } from '../testing/queries.js';
import { reportedRun } from '../testing/reported-run.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';
import { PseudoLabelsRepository } from './pseudo-labels.repository.js';
import { PseudoLabelsService } from './pseudo-labels.service.js';

const server = testServer();
const current = reportedRun(server);

/** Background, disc, box: three of four unlabelled pixels have a pseudo-label, and two of those are correct. */
const record = {
  step: 20,
  network: 'BRANCH1',
  labelledPixels: [6, 3, 1],
  pseudoPixels: [2, 1, 0],
  undecidedPixels: 1,
  confusion: [1, 0, 0, 1, 1, 0, 0, 0, 0],
};

const report = (...pseudoLabels: object[]) => current.report({ pseudoLabels });

const FIELDS = 'step network coverage meanIou classes { classIndex name color share labelledShare iou }';

async function reported(args = '') {
  const query = `query ($id: ID!) { run(id: $id) { pseudoLabels${args} { ${FIELDS} } } }`;
  return (await server.ask(query, { id: current.attempt.runId }, USER_TOKEN)).run.pseudoLabels;
}

describe('pseudo-labels', () => {
  it('are returned as shares, with those of the labelled set and their IoU with the hidden ground truth', async () => {
    expect(await reported()).toEqual([]);
    await report(record);
    expect(await reported()).toEqual([
      {
        step: 20,
        network: 'BRANCH1',
        coverage: 0.75,
        meanIou: 0.5,
        classes: [
          { classIndex: 0, name: 'background', color: '#000000', share: 2 / 3, labelledShare: 0.6, iou: 0.5 },
          { classIndex: 1, name: 'disc', color: '#ff0000', share: 1 / 3, labelledShare: 0.3, iou: 0.5 },
          { classIndex: 2, name: 'box', color: '#00ff00', share: 0, labelledShare: 0.1, iou: null },
        ],
      },
    ]);
  });

  it('have no IoU without a ground truth, and no shares if no pixel has a label', async () => {
    await report({ ...record, confusion: null, pseudoPixels: [0, 0, 0], undecidedPixels: 4 });
    const [labels] = await reported();
    expect(labels).toMatchObject({ coverage: 0, meanIou: null });
    expect(labels.classes[0]).toMatchObject({ share: null, labelledShare: 0.6, iou: null });
  });

  it('are stored once, no matter how often they are sent, and returned oldest first, by network and step', async () => {
    await report({ ...record, step: 40 }, record, { ...record, network: 'BRANCH2' });
    await report({ ...record, pseudoPixels: [2 ** 40, 0, 0], undecidedPixels: 0 });
    const seen = (entries: { step: number; network: string }[]) =>
      entries.map(({ step, network }) => `${step} ${network}`);
    expect(seen(await reported())).toEqual(['20 BRANCH1', '20 BRANCH2', '40 BRANCH1']);
    expect(seen(await reported('(network: BRANCH1, fromStep: 21)'))).toEqual(['40 BRANCH1']);
    expect(seen(await reported('(toStep: 20, network: BRANCH2)'))).toEqual(['20 BRANCH2']);
    expect((await reported())[0].classes[0].share).toBe(1);
  });

  it('have a newest step for each network', async () => {
    const query = `query ($id: ID!) { run(id: $id) { one: pseudoLabelStep(network: BRANCH1) two: pseudoLabelStep(network: BRANCH2) } }`;
    const steps = async () => (await server.ask(query, { id: current.attempt.runId }, USER_TOKEN)).run;
    expect(await steps()).toEqual({ one: null, two: null });
    await report(record, { ...record, step: 40 }, { ...record, step: 20, network: 'BRANCH2' });
    expect(await steps()).toEqual({ one: 40, two: 20 });
  });

  it('keep the last counts that a report has of the same step and network', async () => {
    const last = { ...record, pseudoPixels: [3, 0, 0], confusion: null };
    await report(record, { ...record, network: 'BRANCH2' }, { ...record, step: 30 }, last);
    const read = (await reported()) as {
      step: number;
      network: string;
      meanIou: number;
      classes: { share: number }[];
    }[];
    expect(read.map(({ step, network, meanIou, classes }) => [step, network, meanIou, classes[0]!.share])).toEqual([
      [20, 'BRANCH1', null, 1],
      [20, 'BRANCH2', 0.5, 2 / 3],
      [30, 'BRANCH1', 0.5, 2 / 3],
    ]);
  });

  it('of many runs are read in one query, without their matrices', async () => {
    const { dataSource } = server.database;
    const first = current.attempt.runId;
    await report(record);
    await server.createRun();
    await current.claim();
    await report({ ...record, step: 40 }, { ...record, step: 60 });
    const datasets = new DatasetsService(new DatasetsRepository(dataSource));
    const service = new PseudoLabelsService({ repository: new PseudoLabelsRepository(dataSource), datasets });
    const context = { loaders: new Loaders(true), budget: new Budget() } as Context;
    const runs = await dataSource.getRepository(Run).findBy({ id: In([first, current.attempt.runId]) });
    let read: [string, number[]][] = [];
    const queries = await queriesOf(async () => {
      read = await Promise.all(
        runs.map(async (run) => {
          const labels = await service.ofRun(context, run, { toStep: 50 });
          return [run.id, labels.map(({ step }) => step)] as [string, number[]];
        }),
      );
    });
    expect(new Map(read)).toEqual(
      new Map([
        [first, [20]],
        [current.attempt.runId, [40]],
      ]),
    );
    const asked = queries.filter((query) => query.includes('"pseudo_labels"'));
    expect(asked).toEqual([expect.not.stringContaining('confusion')]);
  });

  it.each([
    ['too few classes', { pseudoPixels: [1, 2] }, 'pseudoPixels: has 2 entries, but the dataset has 3 classes'],
    [
      'a negative count',
      { labelledPixels: [1, -2, 0] },
      'labelledPixels: entry 1 must be a whole number of at least 0; got -2',
    ],
    ['a negative number of undecided pixels', { undecidedPixels: -1 }, 'undecidedPixels: must be at least 0; got -1'],
    ['a matrix of another size', { confusion: [1, 0, 0, 1] }, '3 x 3 = 9'],
    ['a negative step', { step: -1 }, "pseudoLabels.1.step: must be between 0 and the run's 1000 iterations; got -1"],
  ])('are rejected with %s, and nothing of the report is stored', async (_, change, message) => {
    await expect(report(record, { ...record, ...change }, { ...record, step: 60 })).rejects.toThrow(message);
    expect(await reported()).toEqual([]);
  });

  it('are deleted with their run', async () => {
    await report(record);
    await current.runner.complete(current.attempt);
    await server.ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id: current.attempt.runId }, USER_TOKEN);
    const left = await server.database.dataSource.query('SELECT FROM pseudo_labels WHERE run_id = $1', [
      current.attempt.runId,
    ]);
    expect(left).toEqual([]);
  });
});
