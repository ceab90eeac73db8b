import { beforeAll, describe, expect, it } from 'vitest';
import { documentedExamples, variablesFor } from './testing/documented.js';
import { type ResearcherWorld, researcherWorld } from './testing/researcher-world.js';
import { type GraphQLAnswer, testServer } from './testing/test-server.js';

/** Every GraphQL example of docs/api/{cookbook,classes,compare}.md, on a server that has what it asks for. */
const server = testServer();
let world: ResearcherWorld;

beforeAll(async () => {
  world = await researcherWorld(server);
});

/** Sends an example with the variables that it declares. */
async function ask(document: string, study = world.study): Promise<GraphQLAnswer['data']> {
  const all: Record<string, unknown> = {
    run: world.cps,
    baseline: world.baseline,
    runs: [world.baseline, world.cps],
    study,
    waiting: world.waiting,
    aWeekAgo: new Date(Date.now() - 7 * 86_400_000).toISOString(),
  };
  const { data, errors } = await server.send(document, variablesFor(document, all));
  expect(errors).toBeUndefined();
  return data;
}

const nodes = ({ edges }: { edges: { node: Record<string, never> }[] }) => edges.map(({ node }) => node);
// biome-ignore lint/suspicious/noExplicitAny: each example selects something else
type Check = (data: any) => void;

/** What the answer to each question of the cookbook must say, in order. */
const ANSWERS: Check[] = [
  ({ runs }) => {
    const found = nodes(runs);
    expect(found.slice(0, 4)).toMatchObject(
      ['Supervised', 'Supervised', 'CPS', 'CPS'].map((methodLabel) => ({ methodLabel, splitLabel: '1/8' })),
    );
    expect(found).toHaveLength(9);
  },
  ({ runs }) => expect(nodes(runs)).toMatchObject([1, 2].map(() => ({ evaluation: { classScores: { ious: [0] } } }))),
  ({ runGroups }) => {
    const groups = nodes(runGroups).sort((a, b) => String(a.key).localeCompare(String(b.key)));
    expect(groups).toMatchObject(
      ['cps', 'supervised'].map((method) => ({
        ...{ key: [method, 0.125], count: 2 },
        values: [{ n: 2, mean: expect.any(Number), std: expect.any(Number) }],
      })),
    );
  },
  ({ study }) => {
    expect(study.pivot.columns).toEqual([{ labels: ['1/8'] }]);
    const [supervised, cps] = study.pivot.rows.map(({ cells }: { cells: unknown[] }) => cells[0]);
    expect(supervised.gain).toMatchObject({ difference: null, reason: 'these runs are the baseline' });
    // CPS finds four persons fewer with seed 1, and five with seed 2.
    expect(cps.gain).toMatchObject({ test: 'PAIRED_T', pairs: 2, p: expect.any(Number), reason: null });
    expect(cps.gain.difference).toBeCloseTo(cps.mean - supervised.mean, 12);
    expect(cps.gain.difference).toBeLessThan(0);
  },
  ({ classChanges }) => {
    const [lost] = classChanges.classes;
    expect(lost).toMatchObject({ name: 'person', movedTo: [{ class: 'traffic light', pixels: 4, share: 4 / 20 }] });
    expect(classChanges.warnings).toEqual([]);
  },
  ({ run }) =>
    expect(run.evaluation.mostConfused).toMatchObject([
      { truth: 'road', prediction: 'person', pixels: 10, share: 10 / 200 },
      { truth: 'traffic light', prediction: 'road', pixels: 10, share: 1 },
      { truth: 'road', prediction: 'bicycle', pixels: 5 },
      { truth: 'person', prediction: 'traffic light', pixels: 4 },
    ]),
  ({ run }) => {
    const { classes, truthShares } = run.evaluation.confusionMatrix;
    expect(classes).toEqual(['road', 'person', 'traffic light', 'bicycle']);
    expect(truthShares.slice(4)).toEqual([0, 16 / 20, 4 / 20, 0, 1, 0, 0, 0, null, null, null, null]);
  },
  ({ run }) =>
    expect(nodes(run.evaluation.images)).toMatchObject(
      [
        { imageId: 'street-1', classErrors: { truePixels: 10, missedPixels: 4 }, sample: { inputUrl: /./ } },
        { imageId: 'street-2', classErrors: { truePixels: 10, missedPixels: 0 }, sample: null },
      ].map((each, i) => (i === 0 ? { ...each, sample: { inputUrl: expect.stringMatching(/^\/blobs\//) } } : each)),
    ),
  ({ classHistories }) => {
    expect(classHistories).toHaveLength(2);
    for (const { steps, classes } of classHistories) {
      expect(steps).toEqual([100, 200]);
      expect(classes.map(({ ious }: { ious: number[] }) => ious.length)).toEqual([2, 2, 2, 2]);
    }
  },
  ({ run }) => {
    expect([run.one.meanIou, run.two.meanIou, run.both.meanIou]).toEqual(new Array(3).fill(expect.any(Number)));
    expect(run.metrics).toEqual([{ steps: [100, 200], values: [0.5, 0.25] }]);
  },
  ({ histories }) =>
    expect(histories).toEqual(
      [world.baseline, world.cps].map((runId) => ({ runId, steps: [100, 200], values: [0.5, 0.25] })),
    ),
  ({ compareConfigs }) => {
    expect(compareConfigs.settings).toContainEqual({ path: 'method.name', values: ['supervised', 'cps'] });
    expect(compareConfigs.settings.map(({ path }: { path: string }) => path)).not.toContain('seed');
    expect(compareConfigs.equalSettings).toBeGreaterThan(20);
    expect(compareConfigs.facts).toEqual([]);
  },
  ({ compareSamples }) => {
    expect(compareSamples.step).toBe(200);
    const predictions = [{ network: 'BRANCH1', url: expect.stringMatching(/^\/blobs\//) }];
    expect(compareSamples.samples).toMatchObject([1, 2].map(() => ({ sample: { step: 200, predictions } })));
  },
  ({ runs }) =>
    expect(nodes(runs)).toMatchObject([{ failure: 'the disk is full' }, { name: 'fails', failure: 'the loss is NaN' }]),
  ({ runs }) =>
    expect(nodes(runs)).toMatchObject([{ name: 'runs', activeAlarms: [{ kind: 'NEVER_PREDICTED', classIndex: 3 }] }]),
  ({ run }) => expect([run.best.step, run.newest.step]).toEqual([200, 200]),
  ({ runs }) => {
    const found = nodes(runs);
    expect(found).toHaveLength(6);
    expect(found.at(-1)).toMatchObject({ runner: { name: 'gpu-1', host: 'lab' }, setup: { engine: 'wasm' } });
  },
  ({ run }) =>
    expect(run).toMatchObject({
      state: 'QUEUED',
      waiting: {
        reason: { message: expect.stringContaining('"nobody"') },
        runners: [{ runner: { name: 'gpu-1' }, reason: { message: expect.stringContaining('"nobody"') } }],
      },
    }),
  ({ study }) => {
    const [cell] = study.pivot.rows[0].cells;
    expect(cell).toMatchObject({
      lacking: '1 queued, 1 failed, 1 missing',
      missing: [expect.stringMatching(/seed 3$/)],
    });
    expect(cell.runs).toMatchObject([{ state: 'FAILED', failure: 'the disk is full' }, { state: 'QUEUED' }]);
  },
  ({ dataset }) => {
    expect(dataset.classes).toHaveLength(4);
    expect(dataset.facts.splits[0]).toMatchObject({ labelledImages: 8, classes: { 3: { images: 2, pixels: 0 } } });
  },
];

describe('docs/api/cookbook.md', () => {
  const questions = documentedExamples('api/cookbook.md');

  it('has twenty questions with one query of at most ten lines each', () => {
    expect(questions.map(({ heading }) => /^\d+/.exec(heading)?.[0])).toEqual(ANSWERS.map((_, i) => String(i + 1)));
    const long = questions.filter(({ document }) => document.trim().split('\n').length > 10);
    expect(long).toEqual([]);
  });

  it.each(questions.map(({ heading, document }, i) => [heading, document, ANSWERS[i]!] as const))(
    '%s',
    // The study of the question is one that lacks runs.
    async (heading, document, check) =>
      check(await ask(document, heading.startsWith('19.') ? world.incomplete : world.study)),
  );
});

describe('docs/api/classes.md', () => {
  const checks: Check[] = [
    ({ run }) =>
      expect(run.evaluation.classScores).toMatchObject({ classes: ['person', 'traffic light'], recalls: [0.8, 0] }),
    ({ classHistories }) => {
      expect(classHistories).toHaveLength(2);
      expect(classHistories[1]).toMatchObject({
        steps: [100, 200],
        classes: [{ name: 'person', recalls: [12 / 20, 16 / 20] }],
      });
    },
    ({ run }) => {
      const { confusionMatrix, mostConfused } = run.evaluation;
      expect(confusionMatrix.counts).toHaveLength(16);
      expect(confusionMatrix.predictionShares.filter((share: number | null) => share === null)).toEqual([]);
      expect(mostConfused).toEqual([{ truth: 'person', prediction: 'traffic light', pixels: 4, share: 4 / 20 }]);
    },
    ({ classChanges }) => {
      expect(classChanges.classes[0]).toMatchObject({ name: 'person', missedPixels: 4, falsePixels: 0, movedFrom: [] });
      expect(classChanges.classes.find(({ name }: { name: string }) => name === 'traffic light')).toMatchObject({
        ...{ fromIou: 0, toIou: 0, change: 0, falsePixels: 4 },
        movedFrom: [{ class: 'person', pixels: 4 }],
      });
    },
    ({ run }) => {
      const { totalCount, pageInfo, edges } = run.evaluation.images;
      expect([totalCount, pageInfo.hasNextPage, edges.length]).toEqual([2, false, 2]);
      expect(edges[0].node.classErrors).toMatchObject({ falsePixels: 5 });
    },
    ({ run }) => {
      const [road, person] = run.clinic;
      expect(road).toMatchObject({ name: 'road', diagnosis: null });
      expect(person.takenFor).toEqual([{ name: 'traffic light', share: 4 / 20 }]);
    },
  ];
  const queries = documentedExamples('api/classes.md');

  it('has a check for each query', () => expect(checks).toHaveLength(queries.length));
  it.each(queries.map(({ heading, document }, i) => [heading, document, checks[i]!] as const))(
    '%s',
    async (_, document, check) => check(await ask(document)),
  );
});

describe('docs/api/compare.md', () => {
  const checks: Check[] = [
    ({ compareConfigs }) => {
      const shown = new Map(
        compareConfigs.settings.map(({ path, values }: { path: string; values: unknown[] }) => [path, values]),
      );
      // As the page shows them.
      expect(shown.get('method.name')).toEqual(['supervised', 'cps']);
      expect(shown.get('method.on')).toEqual([null, 'both']);
      expect(shown.get('method.weight')).toEqual([null, 1.5]);
    },
    ({ compareSamples }) => expect(compareSamples).toMatchObject({ step: 200, warnings: [], samples: [{}, {}] }),
    ({ compareClassIous }) =>
      expect(compareClassIous).toMatchObject(
        ['Supervised', 'CPS'].map((methodLabel) => ({
          run: { methodLabel },
          evaluation: { step: 200, classScores: { classes: { length: 4 }, ious: { length: 4 } } },
        })),
      ),
  ];
  const queries = documentedExamples('api/compare.md');

  it('has a check for each query', () => expect(checks).toHaveLength(queries.length));
  it.each(queries.map(({ heading, document }, i) => [heading, document, checks[i]!] as const))(
    '%s',
    async (_, document, check) => check(await ask(document)),
  );
});
