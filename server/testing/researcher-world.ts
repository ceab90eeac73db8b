import { randomBytes } from 'node:crypto';
import { imagesOf, type Matrices, sumOf } from './image-fixtures.js';
import { datasetInput } from './results-fixtures.js';
import type { Claimed, TestRunner, TestServer } from './test-server.js';

/** What a study of four runs left on a server, a study that lacks runs, and three other runs: for the examples in the docs. */
export interface ResearcherWorld {
  study: string;
  /** A study of three runs of CPS: one failed, one is queued, and one was deleted. */
  incomplete: string;
  /** Supervised and CPS, of the same split and seed. */
  baseline: string;
  cps: string;
  /** Every run of the study: supervised and CPS with seed 1, then with seed 2. */
  runs: string[];
  failed: string;
  waiting: string;
  running: string;
}

const CLASSES = ['road', 'person', 'traffic light', 'bicycle'].map((name, i) => ({ name, color: `#00000${i}` }));
const ITERATIONS = 200;

/** Two images. Bicycles do not occur; `seen` of ten persons are found, and the others taken for traffic lights, of which none is found. */
const images = (seen: number): Matrices => ({
  'street-1': [90, 5, 0, 5, 0, seen, 10 - seen, 0, 8, 0, 0, 0, 0, 0, 0, 0],
  'street-2': [95, 5, 0, 0, 0, 10, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0],
});

const dataset = () =>
  datasetInput({
    name: 'streets',
    classes: CLASSES,
    testImages: 0,
    facts: {
      parts: [
        {
          ...{ part: 'TRAIN', images: 64, sizes: [{ width: 8, height: 8, images: 64 }], bits: [8], ignoredPixels: 0 },
          classes: CLASSES.map((_, i) => ({ pixels: 1000 - 300 * i, images: 64 - 20 * i, components: null })),
        },
      ],
      splits: [
        {
          ...{ labelledRatio: 0.125, labelledImages: 8 },
          classes: CLASSES.map((_, i) => ({ pixels: 120 - 40 * i, images: 8 - 2 * i })),
        },
      ],
      duplicates: { groups: 0, acrossSubsets: 0, near: 0 },
    },
  });

/** Fills a server through its API, as people and a runner would. */
export async function researcherWorld(server: TestServer): Promise<ResearcherWorld> {
  const runner = await server.registerRunner({ slots: 9, datasets: [dataset()] });
  await server.setSlotLimit(runner, 9);
  const base = {
    dataset: 'streets',
    split: { labelledRatio: 0.125 },
    training: { iterations: ITERATIONS },
  };
  const matrix = { methods: [{ name: 'supervised' }, { name: 'cps' }], seeds: [1, 2] };
  const study = await queueStudy(server, { name: 'Streets', base, matrix });
  const runs: string[] = [];
  for (const seen of [10, 6, 9, 4]) {
    const attempt = (await runner.claim())!;
    await train(runner, attempt, seen);
    runs.push(attempt.runId);
  }
  const one = { ...base, method: { name: 'cps' } };
  const queued = (name: string, changes = {}) => server.createRun({ name }, { ...one, ...changes });
  const failed = await queued('fails');
  await runner.finish((await runner.claim())!, 'FAILED', 'the loss is NaN');
  const running = await queued('runs');
  const alarm = { step: 10, kind: 'NEVER_PREDICTED', network: 'BRANCH1', classIndex: 3, message: 'bicycle' };
  await runner.report((await runner.claim())!, { sequence: 1, step: 10, alarms: [alarm] });
  const waiting = await queued('waits', { placement: { pool: 'nobody' } });
  const incomplete = await incompleteStudy(server, runner, base);
  const [baseline, cps] = runs;
  return { study, incomplete, baseline: baseline!, cps: cps!, runs, failed, waiting, running };
}

async function queueStudy(server: TestServer, input: Record<string, unknown>): Promise<string> {
  const { createStudy } = await server.ask(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    { input },
  );
  return createStudy.id;
}

async function incompleteStudy(server: TestServer, runner: TestRunner, base: Record<string, unknown>): Promise<string> {
  const matrix = { methods: [{ name: 'cps' }], seeds: [1, 2, 3] };
  const id = await queueStudy(server, { name: 'Incomplete', base, matrix });
  await runner.finish((await runner.claim())!, 'FAILED', 'the disk is full');
  const { runs } = await server.ask('{ runs(first: 1, sort: "number desc") { edges { node { id } } } }');
  await server.ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id: runs.edges[0].node.id });
  return id;
}

async function train(runner: TestRunner, attempt: Claimed, seen: number): Promise<void> {
  const evaluations = [100, ITERATIONS].flatMap((step) =>
    ['BRANCH1', 'BRANCH2', 'ENSEMBLE'].map((network) => {
      const matrices = images(step === ITERATIONS ? seen : 2);
      return { step, network, subset: 'VAL', confusion: sumOf(matrices), images: imagesOf(matrices) };
    }),
  );
  const samples = [];
  for (const step of [100, ITERATIONS]) {
    for (const kind of ['INPUT', 'GROUND_TRUTH', 'BRANCH1']) {
      const sha256 = await runner.upload(randomBytes(20));
      samples.push({ step, imageId: 'street-1', width: 8, height: 8, kind, sha256 });
    }
  }
  const setup = {
    ...{ engine: 'wasm', device: 'cpu', splitHash: 'split', labelledImages: 8, unlabelledImages: 56 },
    parameters: 1000,
  };
  const points = ['loss', 'agreement'].map((series) => ({ series, steps: [100, 200], values: [0.5, 0.25] }));
  await runner.report(attempt, { sequence: 1, step: ITERATIONS, setup, evaluations, samples, points });
  await runner.finish(attempt, 'SUCCEEDED');
}
