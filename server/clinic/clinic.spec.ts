import { describe, expect, it } from 'vitest';
import { reportedRun } from '../testing/reported-run.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const current = reportedRun(server);

const SETUP = { engine: 'wasm', device: 'd', splitHash: 's', labelledImages: 10, unlabelledImages: 54, parameters: 9 };
/** Background, disc, box: all boxes are taken for discs, and two labelled images hold one. */
const COUNTS = {
  step: 20,
  labelledPixels: [700, 290, 10],
  labelledImages: [10, 10, 2],
  crops: 40,
  cropsWithClass: [40, 30, 1],
};
const EVALUATION = { step: 20, network: 'BRANCH1', subset: 'VAL', confusion: [80, 0, 0, 0, 20, 0, 0, 10, 0] };
const BEFORE = { ...EVALUATION, step: 10, confusion: [80, 0, 0, 0, 20, 0, 0, 8, 2] };
const PSEUDO_LABELS = {
  ...{ step: 20, network: 'BRANCH1', labelledPixels: [6, 3, 1], pseudoPixels: [3, 1, 0], undecidedPixels: 0 },
  confusion: null,
};
const FIELDS = `classIndex name labelledPixels labelledShare labelledImages cropShare pseudoShare cropPixelShare confidence
  iou precision recall takenFor { name share } firstPredictedStep lostStep
  diagnosis { summary findings { cause strength words } remedies { words settings } }`;

async function clinic(args = '') {
  const query = `query ($id: ID!) { run(id: $id) { clinic${args} { ${FIELDS} } } }`;
  return (await server.ask(query, { id: current.attempt.runId }, USER_TOKEN)).run.clinic;
}

describe('the clinic of a run', () => {
  it('is empty before the first evaluation', async () => {
    await current.report({ classCounts: [COUNTS] });
    expect(await clinic()).toEqual([]);
  });

  it('shows what is known of each class, and why one is not predicted', async () => {
    const evaluations = [BEFORE, { ...EVALUATION, confidences: [0.9, 0.8, null] }];
    await current.report({ setup: SETUP, evaluations, classCounts: [COUNTS], pseudoLabels: [PSEUDO_LABELS] });
    const [background, disc, box] = await clinic();
    expect([background.diagnosis, disc.diagnosis]).toEqual([null, null]);
    expect(disc).toMatchObject({
      labelledImages: 10,
      cropShare: 0.75,
      confidence: 0.8,
      firstPredictedStep: 10,
      lostStep: null,
    });
    expect(box).toMatchObject({
      ...{ classIndex: 2, name: 'box', labelledPixels: 10, labelledShare: 0.01, labelledImages: 2, cropShare: 0.025 },
      ...{ pseudoShare: 0, cropPixelShare: 0.1, confidence: null, iou: 0, precision: null, recall: 0 },
      takenFor: [{ name: 'disc', share: 1 }],
      ...{ firstPredictedStep: 10, lostStep: 20 },
    });
    expect(box.diagnosis.summary).toContain('box: predicted at step 10, and no longer since step 20; ');
    expect(box.diagnosis.summary).toContain(
      '100 % of its pixels are taken for disc, which makes up 27 % of all predictions',
    );
    expect(box.diagnosis.summary).toContain('in 20 % of the labelled images, but in 2.5 % of the training crops');
    expect(box.diagnosis.findings.map(({ cause }: { cause: string }) => cause)).toEqual(
      expect.arrayContaining(['CONFUSED', 'STARVED_IN_CROPS']),
    );
  });

  it('adds crops up over evaluations, and counts those of a step once', async () => {
    await current.report({
      evaluations: [EVALUATION],
      classCounts: [COUNTS, { ...COUNTS, step: 40, crops: 60, cropsWithClass: [60, 60, 4] }],
    });
    await current.report({ classCounts: [{ ...COUNTS, labelledImages: [10, 9, 3] }] });
    expect((await clinic())[2]).toMatchObject({ cropShare: 0.05, labelledImages: 3 });
  });

  it('knows less of runs of older runners', async () => {
    await current.report({ evaluations: [EVALUATION] });
    expect((await clinic())[2]).toMatchObject({
      ...{ labelledPixels: null, labelledImages: null, cropShare: null, pseudoShare: null, confidence: null },
      diagnosis: { findings: [{ cause: 'CONFUSED' }] },
    });
    expect(await clinic('(network: BRANCH2)')).toEqual([]);
  });

  it.each([
    ['step', -1],
    ['crops', -1],
    ['labelledPixels', [1, 2]],
    ['labelledImages', [1, 2, -3]],
    ['cropsWithClass', [1, 2, 41]],
  ])('refuses counts with a bad %s', async (field, value) => {
    const answer = current.report({ classCounts: [{ ...COUNTS, [field]: value }] });
    // As the place of the mistake: every message has the word step.
    await expect(answer).rejects.toThrow(new RegExp(`(?:\\.|[:;] )${field}: `));
  });

  it.each([[[0.5, 0.5]], [[0.5, 0.5, 1.5]]])('refuses the confidences %j', async (confidences) => {
    const answer = current.report({ evaluations: [{ ...EVALUATION, confidences }] });
    await expect(answer).rejects.toThrow('confidences');
  });
});
