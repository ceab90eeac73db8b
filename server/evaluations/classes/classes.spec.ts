import { beforeAll, describe, expect, it } from 'vitest';
import { readsOf } from '../../testing/queries.js';
import { testServer } from '../../testing/test-server.js';

const server = testServer();
let runId: string;

/** background is found by two thirds, box is taken for background or disc, and disc does not occur. */
const CONFUSION = [60, 20, 10, 0, 0, 0, 3, 6, 1];

beforeAll(async () => {
  const runner = await server.registerRunner();
  runId = await server.createRun();
  const attempt = (await runner.claim())!;
  const evaluation = (step: number, confusion: number[], changes = {}) => ({
    ...{ step, network: 'BRANCH1', subset: 'VAL', confusion },
    ...changes,
  });
  await runner.report(attempt, {
    sequence: 1,
    step: 30,
    evaluations: [
      evaluation(10, [9, 0, 0, 0, 9, 0, 0, 0, 9]),
      evaluation(20, CONFUSION),
      evaluation(20, [1, 2, 3, 4, 5, 6, 7, 8, 9], { network: 'ENSEMBLE' }),
      evaluation(30, [0, 0, 0, 0, 0, 0, 0, 0, 0]),
      evaluation(30, [4, 0, 0, 0, 0, 0, 0, 0, 0], { subset: 'TEST' }),
    ],
  });
});

const evaluation = (fields: string, args = 'step: 20') => server.run(runId, `evaluation(${args}) { ${fields} }`);
const refused = async (fields: string, args?: string) => {
  const query = `query ($id: ID!) { run(id: $id) { evaluation(${args ?? 'step: 20'}) { ${fields} } } }`;
  const { errors } = await server.send(query, { id: runId });
  return [errors![0]!.extensions.code, errors![0]!.message];
};

describe('an evaluation', () => {
  it.each([
    ['step: 20', 20, 'BRANCH1'],
    ['step: 10', 10, 'BRANCH1'],
    ['pick: BEST', 10, 'BRANCH1'],
    ['pick: NEWEST', 30, 'BRANCH1'],
    ['step: 20, network: ENSEMBLE', 20, 'ENSEMBLE'],
    ['step: 30, subset: TEST', 30, 'BRANCH1'],
  ])('is chosen by %s', async (args, step, network) => {
    expect((await evaluation('step network', args)).evaluation).toEqual({ step, network });
  });

  it('is null at a step without one, and not chosen by both a step and BEST', async () => {
    expect((await evaluation('step', 'step: 21')).evaluation).toBeNull();
    expect(await refused('step', 'step: 20, pick: BEST')).toEqual([
      'BAD_USER_INPUT',
      'step: give either a step or "pick: BEST"; got 20 and BEST',
    ]);
  });

  it('has the scores of classes as columns', async () => {
    const all = 'classScores { classes ious precisions recalls }';
    expect((await evaluation(all)).evaluation.classScores).toEqual({
      classes: ['background', 'disc', 'box'],
      ious: [60 / 93, 0, 1 / 20],
      precisions: [60 / 63, 0, 1 / 11],
      recalls: [60 / 90, null, 1 / 10],
    });
    const some = 'classScores(classes: ["box", "background", "box"]) { classes ious }';
    expect((await evaluation(some)).evaluation.classScores).toEqual({
      classes: ['box', 'background'],
      ious: [1 / 20, 60 / 93],
    });
    const none = [null, null, null];
    expect((await evaluation(all, 'step: 30')).evaluation.classScores).toMatchObject({ ious: none, recalls: none });
  });

  it('has its confusion matrix as counts and as shares, whole or of some classes', async () => {
    const { confusionMatrix } = (await evaluation('confusionMatrix { classes counts truthShares predictionShares }'))
      .evaluation;
    expect(confusionMatrix).toEqual({
      classes: ['background', 'disc', 'box'],
      counts: CONFUSION,
      truthShares: [60 / 90, 20 / 90, 10 / 90, null, null, null, 3 / 10, 6 / 10, 1 / 10],
      predictionShares: [60 / 63, 20 / 26, 10 / 11, 0, 0, 0, 3 / 63, 6 / 26, 1 / 11],
    });
    const cut = 'confusionMatrix(classes: ["box", "background"]) { classes counts truthShares }';
    expect((await evaluation(cut)).evaluation.confusionMatrix).toEqual({
      classes: ['box', 'background'],
      counts: [1, 3, 10, 60],
      // Still of all pixels of the class.
      truthShares: [1 / 10, 3 / 10, 10 / 90, 60 / 90],
    });
  });

  it('has the most confused pairs by pixels or by share', async () => {
    const pairs = async (args: string) => {
      const fields = `mostConfused${args} { truth prediction pixels share }`;
      const { mostConfused } = (await evaluation(fields)).evaluation;
      return mostConfused.map(({ truth, prediction, pixels, share }: Record<string, unknown>) =>
        [truth, prediction, pixels, share].join(' '),
      );
    };
    const [disc, box, taken, missed] = [
      `background disc 20 ${20 / 90}`,
      `background box 10 ${10 / 90}`,
      `box disc 6 ${6 / 10}`,
      `box background 3 ${3 / 10}`,
    ];
    expect(await pairs('')).toEqual([disc, box, taken, missed]);
    expect(await pairs('(by: SHARE)')).toEqual([taken, missed, disc, box]);
    expect(await pairs('(top: 1)')).toEqual([disc]);
    expect(await pairs('(truth: "box")')).toEqual([taken, missed]);
    expect(await pairs('(prediction: "disc")')).toEqual([disc, taken]);
    expect(await pairs('(truth: "box", prediction: "disc")')).toEqual([taken]);
  });

  it.each([
    ['classScores(classes: ["bok"]) { ious }', 'classes: the dataset has no class "bok"; did you mean "box"?'],
    [
      'confusionMatrix(classes: ["sky"]) { counts }',
      'classes: the dataset has no class "sky"; known: background, disc, box',
    ],
    ['mostConfused(truth: "dics") { pixels }', 'truth: the dataset has no class "dics"; did you mean "disc"?'],
    [
      'mostConfused(prediction: "") { pixels }',
      'prediction: the dataset has no class ""; known: background, disc, box',
    ],
    ['mostConfused(top: 0) { pixels }', 'top: must be between 1 and 100; got 0'],
    ['mostConfused(top: 101) { pixels }', 'top: must be between 1 and 100; got 101'],
  ])('refuses %s', async (fields, message) => {
    expect(await refused(fields)).toEqual(['BAD_USER_INPUT', message]);
  });

  it('is read with as many statements for many evaluations as for one', async () => {
    const counted = (args: string) =>
      readsOf(() =>
        server.run(
          runId,
          `evaluations${args} { classScores { ious } confusionMatrix { counts } mostConfused { pixels } classIous { iou } }`,
        ),
      );
    const [one, all] = [await counted('(fromStep: 10, toStep: 10)'), await counted('')];
    expect(one.length).toBeGreaterThan(0);
    expect(all).toHaveLength(one.length);
  });
});
