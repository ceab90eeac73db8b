import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { imagesOf, sumOf } from '../testing/image-fixtures.js';
import { readsOf } from '../testing/queries.js';
import { datasetInput } from '../testing/results-fixtures.js';
import { type TestRunner, testServer } from '../testing/test-server.js';
import { commonStep } from './compared-samples.service.js';

const server = testServer();
let runner: TestRunner;
let [a, b, c, without, foreign]: string[] = [];

/** The images a and b; only b has a sample at the step of the evaluation. */
const MATRICES = {
  a: [6, 4, 0, 0, 10, 0, 0, 0, 10],
  b: [9, 1, 0, 0, 10, 0, 0, 0, 10],
  c: [10, 0, 0, 0, 0, 0, 0, 0, 0],
};

async function run(steps: Record<string, number[]>, config = {}, evaluate: number | null = null): Promise<string> {
  const id = await server.createRun({}, config);
  const attempt = (await runner.claim())!;
  const samples: object[] = [];
  for (const [imageId, at] of Object.entries(steps)) {
    for (const step of at) {
      for (const kind of ['INPUT', 'GROUND_TRUTH', 'BRANCH2', 'BRANCH1']) {
        const sha256 = await runner.upload(randomBytes(20));
        samples.push({ step, imageId, width: 4, height: 2, kind, sha256 });
      }
    }
  }
  const evaluations = evaluate !== null && [
    {
      ...{ step: evaluate, network: 'BRANCH1', subset: 'VAL' },
      ...{ confusion: sumOf(MATRICES), images: imagesOf(MATRICES) },
    },
  ];
  await runner.report(attempt, { sequence: 1, step: 100, samples, ...(evaluations && { evaluations }) });
  return id;
}

beforeAll(async () => {
  const datasets = [datasetInput(), datasetInput({ name: 'other', fingerprint: 'b'.repeat(64) })];
  runner = await server.registerRunner({ slots: 8, datasets });
  await server.setSlotLimit(runner, 8);
  a = await run({ a: [10, 20, 30], b: [30] }, {}, 30);
  b = await run({ a: [10, 20, 40] });
  c = await run({ a: [14], b: [14] });
  without = await run({});
  foreign = await run({ a: [20] }, { dataset: 'other' });
});

const send = (runIds: unknown[], args: string, fields = 'step warnings samples { run { id } sample { step } }') =>
  server.send(`query ($ids: [ID!]!) { compareSamples(runIds: $ids, ${args}) { ${fields} } }`, { ids: runIds });
const steps = async (runIds: unknown[], args: string) => {
  const { data } = await send(runIds, args);
  const { step, samples } = data.compareSamples;
  return [step, samples.map(({ sample }: { sample: { step: number } | null }) => sample?.step ?? null)];
};

describe('compareSamples', () => {
  it.each<[string, () => unknown[], unknown]>([
    ['image: "a", step: 20', () => [a, b], [20, [20, 20]]],
    ['image: "a", step: 28', () => [a, b], [28, [30, 20]]],
    // The earlier one on ties.
    ['image: "a", step: 15', () => [a, b, c], [15, [10, 10, 14]]],
    ['image: "a", step: 2147483647', () => [a, b], [2_147_483_647, [30, 40]]],
    ['image: "a", step: -2147483648', () => [a, b], [-2_147_483_648, [10, 10]]],
    // The newest step that both have.
    ['image: "a"', () => [b, a], [20, [20, 20]]],
    // They have no step in common: the lowest of their newest ones.
    ['image: "a"', () => [a, b, c], [14, [10, 10, 14]]],
    ['image: "b"', () => [a, b, without], [30, [30, null, null]]],
  ])('%s', async (args, runIds, expected) => {
    expect(await steps(runIds(), args)).toEqual(expected);
  });

  it('returns the whole sample of each run, in the given order', async () => {
    const fields =
      'samples { run { id } sample { imageId step width inputUrl groundTruthUrl predictions { network url } } }';
    const { data } = await send([b, a], 'image: "a", step: 20', fields);
    const [first, second] = data.compareSamples.samples;
    expect([first.run.id, second.run.id]).toEqual([b, a]);
    for (const { run, sample } of [first, second]) {
      const { samples } = await server.run(
        run.id,
        'samples(step: 20) { imageId step width inputUrl groundTruthUrl predictions { network url } }',
      );
      expect(sample).toEqual(samples.find(({ imageId }: { imageId: string }) => imageId === 'a'));
      expect(sample.predictions.map(({ network }: { network: string }) => network)).toEqual(['BRANCH1', 'BRANCH2']);
    }
  });

  it('warns if the datasets have different contents', async () => {
    const [{ number: one }, { number: other }] = await Promise.all([a, foreign].map((id) => server.run(id!, 'number')));
    const { data } = await send([a, b, foreign], 'image: "a"');
    expect(data.compareSamples.warnings).toEqual([
      `run ${one} is of dataset "shapes" and run ${other} is of dataset "other", which has other contents: their images may differ`,
    ]);
    expect((await send([a, b], 'image: "a"')).data.compareSamples.warnings).toEqual([]);
  });

  it('refuses an image that none of the runs has, unless they have no samples yet', async () => {
    const refused = async (runIds: unknown[], args: string) => (await send(runIds, args)).errors![0]!.message;
    expect(await refused([a, b], 'image: "z"')).toBe('image: none of the runs has a sample of "z"; known: a, b');
    expect(await refused([a], 'image: ""')).toBe('image: must have 1 to 512 printable characters; got ""');
    expect(await steps([without], 'image: "z"')).toEqual([null, [null]]);
    expect(await refused([a, 'nobody'], 'image: "a"')).toBe('there is no run "nobody"');
  });

  it('takes as many statements for many runs as for one', async () => {
    const [one, many] = [
      await readsOf(() => send([a], 'image: "a"')),
      await readsOf(() => send([a, b, c, without], 'image: "a"')),
    ];
    expect(one.length).toBeGreaterThan(0);
    expect(many).toHaveLength(one.length);
  });
});

describe('an image of an evaluation', () => {
  const images = (first: number) =>
    server.run(
      a!,
      `evaluation { images(first: ${first}, orderBy: { field: MISSED_PIXELS, class: "background" }) { edges { node {
         imageId sample { step inputUrl } classErrors(class: "disc") { truePixels predictedPixels missedPixels falsePixels iou }
       } } } }`,
    );

  it('has its sample where there is one, and what is wrong about a class', async () => {
    const { edges } = (await images(5)).evaluation.images;
    const [worst, second, last] = edges.map(({ node }: { node: unknown }) => node);
    expect([worst.imageId, worst.sample.step]).toEqual(['a', 30]);
    expect(worst.sample.inputUrl).toMatch(/^\/blobs\/[0-9a-f]{64}$/);
    expect(worst.classErrors).toEqual({
      truePixels: 10,
      predictedPixels: 14,
      missedPixels: 0,
      falsePixels: 4,
      iou: 10 / 14,
    });
    expect([second.imageId, second.sample.step]).toEqual(['b', 30]);
    expect([last.imageId, last.sample]).toEqual(['c', null]);
    expect(last.classErrors).toMatchObject({ truePixels: 0, predictedPixels: 0, iou: null });
  });

  it('is read with its sample by as many statements as one image', async () => {
    const [one, all] = [await readsOf(() => images(1)), await readsOf(() => images(5))];
    expect(one.length).toBeGreaterThan(0);
    expect(all).toHaveLength(one.length);
  });
});

describe('the step that runs have in common', () => {
  const many = (runs: number, count: number, of: (run: number, index: number) => number) =>
    Array.from({ length: runs }, (_, run) =>
      Array.from({ length: count }, (_, index) => ({ runId: String(run), step: of(run, index) })),
    ).flat();

  it('is the newest one, or else the lowest of their newest', () => {
    expect(commonStep([])).toBeNull();
    expect(commonStep(many(2, 1, () => 0))).toBe(0);
    expect(commonStep(many(3, 4, (run, index) => 10 * index + (index === 3 ? run : 0)))).toBe(20);
    expect(commonStep(many(3, 4, (run, index) => 10 * index + run))).toBe(30);
  });

  it('is found quickly among many steps, and no number of steps is too much', () => {
    const steps = many(2, 200_000, (run, index) => 2 * index + run);
    const before = performance.now();
    expect(commonStep(steps)).toBe(399_998);
    // Takes 0.2 s on an idle machine. Looking for each step in the list of another run takes minutes.
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
