import { randomBytes } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type App, createApp } from '../app.js';
import { readEnv } from '../env.js';
import { datasetInput, sha256Of } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';

const REGISTRATION_TOKEN = randomBytes(16).toString('hex');
const database = testDatabase();
const good = [6, 0, 0, 0, 6, 0, 0, 0, 6];
const poor = [6, 0, 0, 0, 3, 3, 0, 0, 0];

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: each query returns something else
  data: any;
  errors?: { message: string; extensions: { code: string } }[];
}

const RESULTS = `query Results($id: ID!) { run(id: $id) {
  step splitHash sampleSteps
  dataset { name heldBy { name datasets { name } } }
  series { name points lastStep lastValue }
  metrics(names: ["loss"], maxPoints: 3, fromStep: 1) { name steps values total }
  best: evaluation(pick: BEST) { step meanIou classIous { name color iou } }
  newest: evaluation { step meanIou pixelAccuracy confusion }
  evaluations(network: BRANCH1) { step }
  samples { imageId width inputUrl groundTruthUrl predictions { network url } }
  log(last: 1) { level message fence }
} }`;

describe('the content of a report, over HTTP', () => {
  let app: App;
  let runnerToken: string;
  let runId: string;
  let studyId: string;
  let attempt: { attemptId: string; fence: number };
  const image = randomBytes(500);
  const label = randomBytes(300);

  async function ask(query: string, variables: object = {}, token?: string) {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body });
    return (await response.json()) as Answer;
  }

  const put = (bytes: Buffer, type: string) =>
    fetch(`${app.url}/blobs/${sha256Of(bytes)}`, {
      method: 'PUT',
      body: bytes,
      headers: { authorization: `Bearer ${runnerToken}`, 'content-type': type },
    });

  const report = (content: { sequence: number } & Record<string, unknown>) =>
    ask(
      'mutation ($report: AttemptReportInput!) { reportAttempt(report: $report) { acknowledged directive } }',
      { report: { ...attempt, ...content } },
      runnerToken,
    );

  beforeAll(async () => {
    app = await createApp({
      ...readEnv({ PORT: '0', LOG_LEVEL: 'silent', CROSSCHECK_REGISTRATION_TOKEN: REGISTRATION_TOKEN }),
      databaseUrl: database.url,
    });
    const info = {
      name: 'gpu-1',
      host: 'lab',
      engine: 'wasm',
      device: 'cpu',
      version: '1',
      datasets: [datasetInput()],
    };
    const registered = await ask(
      'mutation ($token: String!, $info: RunnerInfoInput!) { registerRunner(registrationToken: $token, info: $info) { token } }',
      { token: REGISTRATION_TOKEN, info },
    );
    runnerToken = registered.data.registerRunner.token;
    const created = await ask(
      'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id runs { edges { node { id } } } } }',
      {
        input: {
          name: 'CPS',
          base: { dataset: 'shapes', split: { labelledRatio: 0.125 } },
          matrix: { methods: [{ name: 'cps' }] },
        },
      },
    );
    studyId = created.data.createStudy.id;
    const claimed = await ask('mutation { claimRun { run { id } attemptId fence } }', {}, runnerToken);
    const { run, ...reference } = claimed.data.claimRun;
    runId = run.id;
    attempt = reference;
  });

  afterAll(() => app?.close());

  it('is stored together, and can be read', async () => {
    expect((await put(image, 'image/png')).status).toBe(201);
    expect((await put(label, 'image/png')).status).toBe(201);
    const sample = { step: 20, imageId: 'shape-1', width: 64, height: 48 };
    const sent = {
      sequence: 1,
      step: 20,
      setup: {
        engine: 'wasm',
        device: 'cpu',
        splitHash: 'abc',
        labelledImages: 8,
        unlabelledImages: 56,
        parameters: 99,
      },
      points: [
        { series: 'loss', steps: [0, 5, 10, 15, 20], values: [3, 2, 'NaN', 9, 1] },
        { series: 'lr', steps: [20], values: ['Infinity'] },
      ],
      evaluations: [
        { step: 10, network: 'BRANCH1', subset: 'VAL', confusion: good },
        { step: 20, network: 'BRANCH1', subset: 'VAL', confusion: poor },
      ],
      samples: [
        { ...sample, kind: 'INPUT', sha256: sha256Of(image) },
        { ...sample, kind: 'GROUND_TRUTH', sha256: sha256Of(label) },
        { ...sample, kind: 'BRANCH2', sha256: sha256Of(label) },
      ],
      log: [
        { at: '2026-11-24T01:00:00.000Z', level: 'INFO', message: 'began' },
        { at: '2026-11-24T01:00:01.000Z', level: 'WARN', message: 'loss is NaN' },
      ],
    };
    expect((await report(sent)).data.reportAttempt).toEqual({ acknowledged: 1, directive: 'CONTINUE' });
    expect((await report(sent)).data.reportAttempt.acknowledged).toBe(1);
    const { data, errors } = await ask(RESULTS, { id: runId });
    expect(errors).toBeUndefined();
    expect(data.run).toEqual({
      step: 20,
      splitHash: 'abc',
      sampleSteps: [20],
      dataset: { name: 'shapes', heldBy: [{ name: 'gpu-1', datasets: [{ name: 'shapes' }] }] },
      series: [
        { name: 'loss', points: 5, lastStep: 20, lastValue: 1 },
        { name: 'lr', points: 1, lastStep: 20, lastValue: 'Infinity' },
      ],
      metrics: [{ name: 'loss', steps: [5, 20], values: [2, 1], total: 4 }],
      best: {
        step: 10,
        meanIou: 1,
        classIous: [
          { name: 'background', color: '#000000', iou: 1 },
          { name: 'disc', color: '#ff0000', iou: 1 },
          { name: 'box', color: '#00ff00', iou: 1 },
        ],
      },
      newest: { step: 20, meanIou: 0.5, pixelAccuracy: 0.75, confusion: poor },
      evaluations: [{ step: 10 }, { step: 20 }],
      samples: [
        {
          imageId: 'shape-1',
          width: 64,
          inputUrl: `/blobs/${sha256Of(image)}`,
          groundTruthUrl: `/blobs/${sha256Of(label)}`,
          predictions: [{ network: 'BRANCH2', url: `/blobs/${sha256Of(label)}` }],
        },
      ],
      log: [{ level: 'WARN', message: 'loss is NaN', fence: 1 }],
    });
    const shown = await fetch(`${app.url}${data.run.samples[0].inputUrl}`);
    expect(Buffer.from(await shown.arrayBuffer()).equals(image)).toBe(true);
  });

  it('is used for the table of its study and the comparison of runs', async () => {
    const { data, errors } = await ask(
      `query ($study: ID!, $run: ID!) {
        study(id: $study) { table { subset classes { name } rows {
          methodLabel splitLabel splitHash n runs { id } meanIou { mean std n } classIous { mean } } } }
        compareClassIous(runIds: [$run], pick: BEST) { run { id } evaluation { step } }
      }`,
      { study: studyId, run: runId },
    );
    expect(errors).toBeUndefined();
    expect(data.study.table).toEqual({
      subset: 'VAL',
      classes: [{ name: 'background' }, { name: 'disc' }, { name: 'box' }],
      rows: [
        {
          methodLabel: 'CPS',
          splitLabel: '1/8',
          splitHash: 'abc',
          n: 1,
          runs: [{ id: runId }],
          meanIou: { mean: 0.5, std: null, n: 1 },
          classIous: [{ mean: 1 }, { mean: 0.5 }, { mean: 0 }],
        },
      ],
    });
    expect(data.compareClassIous).toEqual([{ run: { id: runId }, evaluation: { step: 10 } }]);
  });

  it('is rejected as a whole if one part is invalid', async () => {
    const points = [{ series: 'loss', steps: [25], values: [1] }];
    const bad: [Record<string, unknown>, string][] = [
      [{ points: [{ series: 'loss', steps: [25, 26], values: [1] }] }, 'series "loss": has 2 steps but 1 values'],
      [{ points, evaluations: [{ step: 25, network: 'BRANCH1', subset: 'VAL', confusion: [1] }] }, '3 x 3 = 9'],
      [{ points, checkpoint: { step: 25, sha256: 'e'.repeat(64), bytes: 1 } }, `not uploaded: ${'e'.repeat(64)}`],
    ];
    for (const [content, message] of bad) {
      const { errors } = await report({ sequence: 2, step: 25, ...content });
      expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
      expect(errors![0]!.message).toContain(message);
    }
    const { data } = await ask('query ($id: ID!) { run(id: $id) { step series { name lastStep } } }', { id: runId });
    expect(data.run.step).toBe(20);
    expect(data.run.series[0]).toEqual({ name: 'loss', lastStep: 20 });
  });

  it('reaches a subscriber, including steps that a resumed run reports again, until the run is deleted', async () => {
    const client = createClient({ url: `${app.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const batches = client.iterate<{ runMetrics: unknown }>({
      query:
        'subscription ($id: ID!) { runMetrics(runId: $id, names: ["loss"], sinceStep: 15) { name steps values total } }',
      variables: { id: runId },
    });
    const next = async () => (await batches.next()).value?.data?.runMetrics;
    expect(await next()).toEqual([{ name: 'loss', steps: [20], values: [1], total: 1 }]);
    await report({ sequence: 2, step: 25, points: [{ series: 'loss', steps: [25], values: ['-Infinity'] }] });
    expect(await next()).toEqual([{ name: 'loss', steps: [25], values: ['-Infinity'], total: 1 }]);
    await report({ sequence: 3, step: 25, points: [{ series: 'loss', steps: [5, 10], values: [7, 8] }] });
    expect(await next()).toEqual([{ name: 'loss', steps: [5, 10], values: [7, 8], total: 2 }]);
    await ask(
      'mutation ($attempt: AttemptRefInput!) { finishAttempt(attempt: $attempt, outcome: FAILED) { state } }',
      { attempt },
      runnerToken,
    );
    const end = batches.next();
    expect((await ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id: runId })).errors).toBeUndefined();
    expect((await end).done).toBe(true);
    await client.dispose();
  });
});
