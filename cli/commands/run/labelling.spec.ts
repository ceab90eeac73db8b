import { beforeAll, expect, it } from 'vitest';
import { testServer } from '../../../server/testing/test-server.js';
import { crosscheck, type Outcome } from '../../testing/crosscheck.js';

const server = testServer();
let number = 0;
let silent = 0;
let waiting = 0;
let picture = '';

const run = (...args: string[]): Promise<Outcome> => crosscheck('run', ...args, '--server', server.url);

const review = (imageId: string, changes: object) => ({
  ...{ step: 1000, imageId, width: 10, height: 10, disagreement: 0.125, entropy: 0.25, confidence: 0.75 },
  ...{ predicted: [90, 10, 0], expected: [90, 10, 0], uncertain: [5, 0, 0], disputed: [0, 0, 0] },
  ...changes,
});
const DOUBT = {
  ...{ classIndex: 1, takenFor: 2, pixels: 20, left: 1, top: 2, right: 6, bottom: 7 },
  ...{ labelProbability: 0.1, otherProbability: 0.9 },
};

beforeAll(async () => {
  const runner = await server.registerRunner({ slots: 3 });
  const numberOf = async (id: string): Promise<number> => (await server.run(id, 'number')).number;
  number = await numberOf(await server.createRun({ name: 'reviewed' }));
  const attempt = (await runner.claim())!;
  picture = await runner.upload(Buffer.from('picture'));
  await runner.report(attempt, {
    sequence: 1,
    imageReviews: [
      review('street-1', { hash: '0'.repeat(16), disagreement: null }),
      review('street-2', { hash: 'f'.repeat(16), predicted: [70, 10, 20], expected: [65, 10, 25] }),
      review('street-3', { hash: `1${'0'.repeat(15)}`, uncertain: [1, 0, 0] }),
    ],
    labelReviews: [{ step: 1000, imageId: 'street-4', width: 10, height: 10, doubts: [DOUBT] }],
    reviewPictures: [{ step: 1000, imageId: 'street-2', kind: 'INPUT', width: 5, height: 5, sha256: picture }],
  });
  await runner.complete(attempt);
  silent = await numberOf(await server.createRun({ name: 'silent' }));
  await runner.complete((await runner.claim())!);
  waiting = await numberOf(await server.createRun({ name: 'waits' }));
});

it('lists the images to label next, in general and for a class', async () => {
  const general = await run('label-next', String(number));
  expect({ code: general.code, err: general.err }).toEqual({ code: 0, err: [] });
  expect(general.out).toEqual([
    `#${number} "reviewed": label next, in %`,
    'image     score  disagreement  entropy  confidence  similar to',
    'street-1  0.050             –     25.0        75.0',
    'street-2  0.050          12.5     25.0        75.0',
    'street-3  0.010          12.5     25.0        75.0  street-1',
  ]);
  expect((await run('label-next', String(number), '--class', 'box', '--first', '1')).out).toEqual([
    `#${number} "reviewed": label next for box, in %`,
    'image     score  predicted  expected  disagreement  entropy  confidence  similar to',
    'street-2   25.0       20.0      25.0          12.5     25.0        75.0',
  ]);
  const { images } = JSON.parse((await run('label-next', String(number), '--json')).out.join());
  expect(images[1]).toMatchObject({ imageId: 'street-2', pictures: { inputUrl: `${server.url}/blobs/${picture}` } });
});

it('lists the labels that may be wrong', async () => {
  const { code, out } = await run('suspicious', String(number));
  expect(code).toBe(0);
  expect(out).toEqual([
    `#${number} "reviewed": labels that may be wrong; positions in pixels, as the networks saw the image`,
    'image     label  taken for  pixels    x    y  label %  other %',
    'street-4  disc   box            20  1–5  2–6     10.0     90.0',
  ]);
  const { labels } = JSON.parse((await run('suspicious', String(number), '--json')).out.join());
  expect(labels).toMatchObject([{ imageId: 'street-4', score: 16, doubts: [{ label: 'disc', takenFor: 'box' }] }]);
});

it('says why there may be nothing to list', async () => {
  for (const command of ['label-next', 'suspicious']) {
    expect(await run(command, String(waiting))).toMatchObject({
      code: 2,
      err: [expect.stringContaining(`run ${waiting} is queued`)],
    });
    expect(await run(command, String(silent))).toMatchObject({
      code: 0,
      out: [expect.anything(), expect.stringContaining('training.reviewImages')],
    });
  }
  expect(await run('label-next', String(number), '--class', 'pole')).toMatchObject({
    code: 2,
    err: [expect.stringContaining('pole')],
  });
});
