import { beforeAll, describe, expect, it } from 'vitest';
import { draws } from '../../testing/draws.js';
import { datasetInput } from '../../testing/results-fixtures.js';
import { type TestRunner, testServer } from '../../testing/test-server.js';
import { classChanges, sameTruth } from './class-changes.js';

/** Of the same truth. The third of four classes neither occurs nor is predicted. */
const BEFORE = [70, 8, 0, 2, 5, 30, 0, 5, 0, 0, 0, 0, 1, 4, 0, 35];
const AFTER = [72, 6, 0, 2, 2, 30, 0, 8, 0, 0, 0, 0, 9, 14, 0, 17];

describe('what changes for each class', () => {
  it('is what numpy computes, the largest loss of IoU first', () => {
    // numpy 1.24: iou = diag(C) / (C.sum(0) + C.sum(1) - diag(C)); the moves are those of AFTER - BEFORE.
    const [before, after] = [
      [0.813953488372093, 0.5769230769230769, 0.7446808510638298],
      [0.7912087912087912, 0.5, 0.34],
    ];
    const changes = classChanges(BEFORE, AFTER, 4);
    expect(changes).toMatchObject([
      {
        ...{ classIndex: 3, missed: 18, invented: 3 },
        movedTo: [
          { other: 1, pixels: 10, share: 10 / 40 },
          { other: 0, pixels: 8, share: 8 / 40 },
        ],
        movedFrom: [{ other: 1, pixels: 3, share: 3 / 40 }],
      },
      {
        ...{ classIndex: 1, missed: 0, invented: 8 },
        movedTo: [
          { other: 0, pixels: -3, share: -3 / 40 },
          { other: 3, pixels: 3, share: 3 / 40 },
        ],
        movedFrom: [
          { other: 3, pixels: 10, share: 10 / 40 },
          { other: 0, pixels: -2, share: -2 / 80 },
        ],
      },
      {
        ...{ classIndex: 0, missed: -2, invented: 5 },
        movedTo: [{ other: 1, pixels: -2, share: -2 / 80 }],
        movedFrom: [
          { other: 3, pixels: 8, share: 8 / 40 },
          { other: 1, pixels: -3, share: -3 / 40 },
        ],
      },
      { classIndex: 2, before: null, after: null, change: null, missed: 0, invented: 0, movedTo: [], movedFrom: [] },
    ]);
    for (const [place, expected] of [2, 1, 0].entries()) {
      expect(changes[place]!.before).toBeCloseTo(before[expected]!, 14);
      expect(changes[place]!.after).toBeCloseTo(after[expected]!, 14);
      expect(changes[place]!.change).toBeCloseTo(after[expected]! - before[expected]!, 14);
    }
  });

  it('adds up: missed pixels have moved to other classes and, with false pixels, explain the change of IoU', () => {
    const draw = draws(11);
    for (let round = 0; round < 200; round++) {
      const classes = 1 + Math.floor(6 * draw());
      const before = Array.from({ length: classes ** 2 }, () => Math.floor(draw() * 100) * Number(draw() < 0.7));
      const after = shuffled(before, classes, draw);
      expect(sameTruth(before, after, classes)).toBe(true);
      const changes = classChanges(before, after, classes);
      const sum = (of: (change: (typeof changes)[number]) => number) =>
        changes.reduce((all, each) => all + of(each), 0);
      // Each pixel that one class misses is falsely predicted as another.
      expect(sum(({ missed }) => missed)).toBe(sum(({ invented }) => invented));
      for (const { classIndex, missed, invented, after: iou } of changes) {
        const line = [...Array(classes).keys()];
        const right = before[classIndex * classes + classIndex]! - missed;
        const truth = line.reduce((all, each) => all + before[classIndex * classes + each]!, 0);
        const wrong = line.reduce(
          (all, each) => all + (each === classIndex ? 0 : before[each * classes + classIndex]!),
          invented,
        );
        if (truth + wrong === 0) expect(iou).toBeNull();
        else expect(iou).toBeCloseTo(right / (truth + wrong), 12);
      }
      const known = changes.map(({ change }) => change).filter((change) => change !== null);
      expect(known).toEqual([...known].sort((a, b) => a - b));
      expect(changes.slice(known.length).every(({ change }) => change === null)).toBe(true);
    }
  });

  /** Predicts some pixels as another class. */
  function shuffled(confusion: readonly number[], classes: number, draw: () => number): number[] {
    const after = [...confusion];
    for (let move = 0; move < 3 * classes; move++) {
      const [row, from, to] = [0, 0, 0].map(() => Math.floor(classes * draw())) as [number, number, number];
      const pixels = Math.floor(draw() * (after[row * classes + from]! + 1));
      after[row * classes + from]! -= pixels;
      after[row * classes + to]! += pixels;
    }
    return after;
  }
});

describe('classChanges', () => {
  const server = testServer();
  let runner: TestRunner;
  /** By name. */
  const runs: Record<string, string> = {};

  async function evaluated(name: string, config: object, evaluations: [step: number, confusion: number[]][]) {
    runs[name] = await server.createRun({ name }, { ...config });
    const attempt = (await runner.claim())!;
    await runner.report(attempt, {
      sequence: 1,
      step: 20,
      evaluations: evaluations.map(([step, confusion]) => ({ step, network: 'BRANCH1', subset: 'VAL', confusion })),
    });
  }

  beforeAll(async () => {
    const fingerprint = 'b'.repeat(64);
    const datasets = [datasetInput(), datasetInput({ name: 'copy' }), datasetInput({ name: 'other', fingerprint })];
    runner = await server.registerRunner({ slots: 8, datasets });
    await server.setSlotLimit(runner, 8);
    await evaluated('a', {}, [
      [10, [8, 2, 0, 0, 10, 0, 1, 0, 9]],
      [20, [6, 4, 0, 0, 10, 0, 1, 0, 9]],
    ]);
    await evaluated('b', { dataset: 'copy' }, [[20, [8, 2, 0, 5, 4, 1, 0, 0, 10]]]);
    await evaluated('half', {}, [[20, [4, 1, 0, 0, 5, 0, 0, 0, 5]]]);
    await evaluated('other', { dataset: 'other' }, [[20, [8, 2, 0, 0, 10, 0, 1, 0, 9]]]);
    await evaluated('empty', {}, []);
  });

  const send = (from: object, to: object) =>
    server.send(
      `query ($from: EvaluationRefInput!, $to: EvaluationRefInput!) { classChanges(from: $from, to: $to) {
         from { step } to { step } warnings classes {
           name fromIou toIou change missedPixels falsePixels
           movedTo(top: 1) { class pixels share } movedFrom { class pixels share } } } }`,
      { from, to },
    );
  const ref = (name: string, changes = {}) => ({ runId: runs[name], ...changes });

  it('says what a run lost compared with another one, even if the dataset has another name', async () => {
    const { data } = await send(ref('a', { step: 10 }), ref('b'));
    expect(data.classChanges).toMatchObject({ from: { step: 10 }, to: { step: 20 }, warnings: [] });
    expect(data.classChanges.classes.map(({ name }: { name: string }) => name)).toEqual(['disc', 'background', 'box']);
    expect(data.classChanges.classes[0]).toEqual({
      name: 'disc',
      fromIou: 10 / 12,
      toIou: 4 / 12,
      change: 4 / 12 - 10 / 12,
      missedPixels: 6,
      falsePixels: 0,
      movedTo: [{ class: 'background', pixels: 5, share: 5 / 10 }],
      movedFrom: [],
    });
    expect(data.classChanges.classes[1].movedFrom).toEqual([
      { class: 'disc', pixels: 5, share: 5 / 10 },
      { class: 'box', pixels: -1, share: -1 / 10 },
    ]);
  });

  it('says what a run lost against its own best', async () => {
    const { data } = await send(ref('a', { pick: 'BEST' }), ref('a'));
    expect(data.classChanges).toMatchObject({ from: { step: 10 }, to: { step: 20 } });
    expect(data.classChanges.classes[0]).toMatchObject({ name: 'background', missedPixels: 2 });
  });

  it('has no moves, but a warning, if the two do not cover the same pixels', async () => {
    const { data } = await send(ref('a'), ref('half'));
    const [{ number: a }, { number: half }] = await Promise.all(
      ['a', 'half'].map((name) => server.run(runs[name]!, 'number')),
    );
    expect(data.classChanges.warnings).toEqual([
      'the evaluations do not cover the same pixels, so their scores are hard to compare: ' +
        `run ${a} at step 20 covers 30 pixels, and run ${half} at step 20 covers 15 pixels; ` +
        'compare their training.evaluateImages and data.imageScale',
    ]);
    const [first] = data.classChanges.classes;
    expect(first).toMatchObject({ missedPixels: null, falsePixels: null, movedTo: null, movedFrom: null });
    expect(first.change).not.toBeNull();
  });

  it.each<[object, object, string, string | RegExp]>([
    [
      { name: 'a' },
      { name: 'a', subset: 'TEST' },
      'BAD_USER_INPUT',
      'to.subset: must be that of "from", VAL; got TEST',
    ],
    [
      { name: 'a' },
      { name: 'other' },
      'BAD_USER_INPUT',
      /^run \d+ is of dataset "shapes" and run \d+ of "other", which has other images or classes: their pixels cannot be/,
    ],
    [{ name: 'a' }, { name: 'empty' }, 'NOT_FOUND', /^run \d+ has no evaluation of BRANCH1 on VAL$/],
    [{ name: 'a', step: 11 }, { name: 'b' }, 'NOT_FOUND', /^run \d+ has no evaluation of BRANCH1 on VAL at step 11$/],
    [{ name: 'a', network: 'ENSEMBLE' }, { name: 'b' }, 'NOT_FOUND', /no evaluation of ENSEMBLE on VAL$/],
    [{ name: 'a' }, { runId: 'nobody' }, 'NOT_FOUND', 'there is no run "nobody"'],
    [
      { name: 'a', step: 10, pick: 'BEST' },
      { name: 'a' },
      'BAD_USER_INPUT',
      /^step: give either a step or "pick: BEST"/,
    ],
  ])('refuses %j and %j', async (from, to, code, message) => {
    const refOf = ({ name, ...changes }: { name?: string }) => ({ ...(name && { runId: runs[name] }), ...changes });
    const { errors } = await send(refOf(from), refOf(to));
    expect(errors![0]!.extensions.code).toBe(code);
    expect(errors![0]!.message).toMatch(message);
  });
});
