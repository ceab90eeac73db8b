import { describe, expect, it } from 'vitest';
import { documentedExamples } from '../testing/documented.js';
import { reportedRun } from '../testing/reported-run.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const current = reportedRun(server);

/** A review of 10 x 10 pixels, most of them background, of which the networks are sure. */
function review(imageId: string, changes: object = {}) {
  return {
    ...{ step: 1000, imageId, width: 10, height: 10, disagreement: 0.1, entropy: 0.2, confidence: 0.9 },
    ...{ predicted: [90, 10, 0], expected: [90, 9, 1], uncertain: [2, 1, 0], disputed: [5, 5, 0] },
    ...{ hash: hashOf(imageId), ...changes },
  };
}

/** Those of two letters differ in at least 8 bits. */
const hashOf = (imageId: string) => imageId.charCodeAt(0).toString(16).repeat(8);

const DOUBT = {
  ...{ classIndex: 0, takenFor: 1, pixels: 20, left: 1, top: 2, right: 6, bottom: 7 },
  ...{ labelProbability: 0.25, otherProbability: 0.75 },
};
const labelReview = (imageId: string, ...doubts: object[]) => ({ step: 1000, imageId, width: 10, height: 10, doubts });

async function ask(field: string) {
  const query = `query ($id: ID!) { run(id: $id) { ${field} } }`;
  return (await server.ask(query, { id: current.attempt.runId }, USER_TOKEN)).run;
}

const idsOf = async (args: string): Promise<[string, number][]> =>
  (await ask(`labelNext(${args}) { imageId score }`)).labelNext.map(
    ({ imageId, score }: { imageId: string; score: number }) => [imageId, +score.toFixed(4)],
  );

describe('which images to label next', () => {
  it('is empty before the run has reviewed any', async () => {
    expect(await ask('labelNext { imageId } suspiciousLabels { imageId }')).toEqual({
      labelNext: [],
      suspiciousLabels: [],
    });
  });

  it('ranks images for a class by the pixels that are expected of it or disputed', async () => {
    await current.report({
      imageReviews: [
        review('a'),
        review('b', { expected: [50, 9, 41] }),
        review('c', { expected: [80, 9, 11], disputed: [0, 5, 40] }),
      ],
    });
    expect(await idsOf('forClass: "box"')).toEqual([
      ['c', 0.51],
      ['b', 0.41],
      ['a', 0.01],
    ]);
    expect(await idsOf('forClass: "box", first: 1')).toEqual([['c', 0.51]]);
    await expect(ask('labelNext(forClass: "pole") { imageId }')).rejects.toThrow('pole');
    await expect(ask('labelNext(first: 0) { imageId }')).rejects.toThrow('first');
  });

  it('ranks images in general by unsure and disputed pixels, weighted by how rare their classes are', async () => {
    const imageReviews = [review('a', { uncertain: [30, 0, 0] }), review('b', { uncertain: [0, 0, 6] })];
    await current.report({ imageReviews });
    expect(await idsOf('first: 20')).toEqual([
      ['a', 0.4],
      ['b', 0.16],
    ]);
    const counts = { step: 1000, labelledImages: [10, 10, 2], crops: 40, cropsWithClass: [40, 30, 1] };
    await current.report({ classCounts: [{ ...counts, labelledPixels: [500, 490, 10] }] });
    // Equal shares would be 333 and a third.
    const weights = [1000 / 3 / 500, 1000 / 3 / 490, 10];
    expect(await idsOf('first: 20')).toEqual([
      ['b', +(0.6 + 0.05 * weights[0]! + 0.05 * weights[1]!).toFixed(4)],
      ['a', +(0.35 * weights[0]! + 0.05 * weights[1]!).toFixed(4)],
    ]);
  });

  it('puts an image that looks like a better one last', async () => {
    const hash = '00000000000000f0';
    await current.report({
      imageReviews: [
        review('a', { hash, expected: [0, 0, 90] }),
        review('b', { hash: '00000000000000f1', expected: [0, 0, 80] }),
        review('c', { hash: 'ffffffffffffffff', expected: [0, 0, 10] }),
      ],
    });
    const { labelNext } = await ask('labelNext(forClass: "box") { imageId similarTo }');
    expect(labelNext).toEqual([
      { imageId: 'a', similarTo: null },
      { imageId: 'c', similarTo: null },
      { imageId: 'b', similarTo: 'a' },
    ]);
  });

  it('shows what was measured of an image, and its pictures', async () => {
    const [input, prediction] = [
      await current.runner.upload(Buffer.from('i')),
      await current.runner.upload(Buffer.from('p')),
    ];
    const picture = { step: 1000, imageId: 'a', width: 5, height: 5 };
    await current.report({
      imageReviews: [review('a'), review('b', { disagreement: null })],
      reviewPictures: [
        { ...picture, kind: 'INPUT', sha256: input },
        { ...picture, kind: 'PREDICTION', sha256: prediction },
      ],
    });
    const fields = `imageId step width height disagreement entropy confidence classes { name predictedShare expectedShare }
      pictures { width height inputUrl labelUrl predictionUrl differenceUrl }`;
    const { labelNext } = await ask(`labelNext(forClass: "disc") { ${fields} }`);
    const measured = { step: 1000, width: 10, height: 10, entropy: 0.2, confidence: 0.9 };
    const classes = [
      { name: 'background', predictedShare: 0.9, expectedShare: 0.9 },
      { name: 'disc', predictedShare: 0.1, expectedShare: 0.09 },
      { name: 'box', predictedShare: 0, expectedShare: 0.01 },
    ];
    expect(labelNext).toEqual([
      {
        ...{ imageId: 'a', disagreement: 0.1, ...measured, classes },
        pictures: {
          ...{ width: 5, height: 5, inputUrl: `/blobs/${input}`, predictionUrl: `/blobs/${prediction}` },
          ...{ labelUrl: null, differenceUrl: null },
        },
      },
      { ...{ imageId: 'b', disagreement: null, ...measured, classes }, pictures: null },
    ]);
  });

  it('replaces a review that is reported again', async () => {
    await current.report({ imageReviews: [review('a'), review('a', { expected: [0, 0, 50] })] });
    expect(await idsOf('forClass: "box"')).toEqual([['a', 0.5]]);
    await current.report({ imageReviews: [review('a', { expected: [0, 0, 20] })] });
    expect(await idsOf('forClass: "box"')).toEqual([['a', 0.2]]);
  });

  it.each([
    ['step', -1],
    ['imageId', ''],
    ['width', 0],
    ['entropy', 1.5],
    ['disagreement', -0.1],
    ['predicted', [1, 2]],
    ['expected', [1, 2, -3]],
    ['uncertain', [1, 2, 1e300]],
    ['disputed', []],
    ['hash', 'no hash'],
  ])('refuses a review with a bad %s', async (field, value) => {
    const answer = current.report({ imageReviews: [review('a', { [field]: value })] });
    await expect(answer).rejects.toThrow(new RegExp(`(?:\\.|[:;] )${field}: `));
  });

  it('accepts amounts that are too small for 32 bits', async () => {
    await current.report({ imageReviews: [review('a', { expected: [1e-50, 1, 2] })] });
  });

  it('refuses a picture that was not uploaded', async () => {
    const picture = { step: 1, imageId: 'a', kind: 'INPUT', width: 5, height: 5, sha256: 'a'.repeat(64) };
    await expect(current.report({ reviewPictures: [picture] })).rejects.toThrow(/upload/);
  });
});

describe('labels that may be wrong', () => {
  it('are those of which many pixels are surely taken for something else', async () => {
    await current.report({
      labelReviews: [
        labelReview('small', { ...DOUBT, pixels: 4 }),
        labelReview('fine'),
        labelReview('wrong', { ...DOUBT, pixels: 5 }, { ...DOUBT, takenFor: 2 }),
      ],
    });
    const fields = 'label takenFor score pixels left top right bottom labelProbability otherProbability';
    const { suspiciousLabels } = await ask(`suspiciousLabels { imageId score width doubts { ${fields} } }`);
    const { classIndex: _, takenFor: __, ...doubt } = DOUBT;
    expect(suspiciousLabels).toEqual([
      {
        ...{ imageId: 'wrong', score: 10, width: 10 },
        doubts: [
          { ...doubt, label: 'background', takenFor: 'box', score: 10 },
          { ...doubt, label: 'background', takenFor: 'disc', score: 2.5, pixels: 5 },
        ],
      },
      {
        ...{ imageId: 'small', score: 2, width: 10 },
        doubts: [{ ...doubt, label: 'background', takenFor: 'disc', score: 2, pixels: 4 }],
      },
    ]);
    expect((await ask('suspiciousLabels(first: 1) { imageId }')).suspiciousLabels).toEqual([{ imageId: 'wrong' }]);
  });

  it('are no longer listed when a later review has no doubts', async () => {
    await current.report({ labelReviews: [labelReview('a', DOUBT)] });
    await current.report({ labelReviews: [labelReview('a')] });
    expect((await ask('suspiciousLabels { imageId }')).suspiciousLabels).toEqual([]);
  });

  it.each([
    ['classIndex', 3],
    ['takenFor', -1],
    ['pixels', 26],
    ['left', -1],
    ['right', 11],
    ['bottom', 2],
    ['labelProbability', 1.5],
  ])('refuses a doubt with a bad %s', async (field, value) => {
    const answer = current.report({ labelReviews: [labelReview('a', { ...DOUBT, [field]: value })] });
    await expect(answer).rejects.toThrow(`doubts.0.${field}: `);
  });
});

it.each(['ImagesToLabel', 'LabelsToCheck'])('the documented example %s works', async (operation) => {
  await current.report({ imageReviews: [review('a')], labelReviews: [labelReview('b', DOUBT)] });
  const { document } = documentedExamples('api/labelling.md').find((each) => each.document.includes(operation))!;
  const { run } = await server.ask(document, { run: current.attempt.runId, class: 'box' }, USER_TOKEN);
  expect(Object.values(run)).toEqual([[expect.objectContaining({ imageId: expect.stringMatching(/^[ab]$/) })]]);
});
