import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { TestServer } from '../test-server.js';
import { alike, type Content, digestOf } from './content.js';
import type { Dump, DumpRow } from './dump.js';

/**
 * For each table of the dump that has moved since: what to write after FROM to count its rows today. Only this file knows
 * today's tables and API. A migration that moves a table adds it here.
 */
const KEPT_IN: Readonly<Record<string, string>> = {};

/** More points than any series in a dump has, so that no history is reduced. */
const ALL_POINTS = 10_000;

/** The number of rows of each table in the dump, counted where they are stored today. Ignores newer tables. */
export async function countRows(dataSource: DataSource, dump: Dump): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of Object.keys(dump.counts)) {
    const [row] = await dataSource.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${KEPT_IN[table] ?? table}`);
    counts[table] = row!.n;
  }
  return counts;
}

/** The SHA-256 of the bytes that the server sends for a URL. */
export async function hashBehind(server: TestServer, url: string): Promise<string> {
  const response = await fetch(new URL(url, server.url));
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
}

/** Reads the whole content through the API. */
export async function readContent(server: TestServer): Promise<Content> {
  const { studies, datasets, runners, runs } = await server.ask(`{
    studies(first: 100) { edges { node { id name description createdAt } } }
    datasets { id name kind ignoreIndex fingerprint trainImages unlabelledImages valImages testImages
      classes { name color index } }
    runners { id name host engine device version pool slots createdAt datasets { id } }
    runs(first: 100) { edges { node { id number name state config method backbone seed tags priority pool step iterations
      splitHash failure createdAt startedAt finishedAt study { id } dataset { id }
      setup { engine device parameters labelledImages unlabelledImages } } } } }`);
  const content = {
    studies: alike(nodes(studies)),
    datasets: alike(datasets),
    runners: alike(
      runners.map(({ datasets: held, ...runner }: DumpRow) => ({ ...runner, datasetIds: ids(held).sort() })),
    ),
    runs: alike(
      nodes(runs).map(({ study, dataset, ...run }) => ({
        ...run,
        studyId: study?.id ?? null,
        datasetId: dataset.id,
      })),
    ),
  };
  const perRun = await Promise.all(ids(nodes(runs)).map((id) => readRun(server, id)));
  const all = (name: Exclude<keyof RunContent, 'points'>) => alike(perRun.flatMap((run) => run[name]));
  return {
    ...content,
    attempts: all('attempts'),
    points: Object.assign({}, ...perRun.map(({ points }) => points)),
    evaluations: all('evaluations'),
    pseudoLabels: all('pseudoLabels'),
    alarms: all('alarms'),
    samples: all('samples'),
    log: all('log'),
  };
}

type RunContent = Pick<Content, 'attempts' | 'points' | 'evaluations' | 'pseudoLabels' | 'alarms' | 'samples' | 'log'>;

async function readRun(server: TestServer, runId: string): Promise<RunContent> {
  const run = await server.run(
    runId,
    `attempts { id fence state message startedAt finishedAt runner { id } }
     metrics(maxPoints: ${ALL_POINTS}) { name steps values total }
     evaluations { id step network subset confusion meanIou pixelAccuracy frequencyWeightedIou createdAt classIous { iou } }
     pseudoLabels { step network meanIou coverage classes { share labelledShare iou } }
     alarms { id step kind network classIndex message createdAt }
     sampleSteps`,
  );
  // One operation for all of it would cost too much.
  const { log } = await server.run(runId, 'log(last: 5000) { id fence level message at }');
  const owned = (rows: DumpRow[]): DumpRow[] => rows.map((row) => ({ runId, ...row }));
  return {
    attempts: owned(run.attempts).map(({ runner, ...attempt }) => ({ ...attempt, runnerId: runner?.id ?? null })),
    points: Object.fromEntries(
      run.metrics.map(({ name, steps, values, total }: DumpRow) => {
        if (total !== steps.length)
          throw new Error(`${name} has ${total} points, but the server returned only ${steps.length}`);
        return [`${runId} ${name}`, digestOf(steps, values)];
      }),
    ),
    evaluations: owned(run.evaluations).map(({ classIous, ...evaluation }) => {
      return { ...evaluation, classIous: classIous.map(({ iou }: DumpRow) => iou) };
    }),
    pseudoLabels: owned(run.pseudoLabels).map(({ classes, ...labels }) => ({
      ...labels,
      classIous: classes.map(({ iou }: DumpRow) => iou),
      shares: classes.map(({ share }: DumpRow) => share),
      labelledShares: classes.map(({ labelledShare }: DumpRow) => labelledShare),
    })),
    alarms: owned(run.alarms),
    samples: (await Promise.all(run.sampleSteps.map((step: number) => readSamples(server, runId, step)))).flat(),
    log: owned(log),
  };
}

async function readSamples(server: TestServer, runId: string, at: number): Promise<DumpRow[]> {
  const { samples } = await server.run(
    runId,
    `samples(step: ${at}) { step imageId width height inputUrl groundTruthUrl predictions { network url } }`,
  );
  const hashes = new Map<string, Promise<string>>();
  const hash = (url: string) => {
    if (!hashes.has(url)) hashes.set(url, hashBehind(server, url));
    return hashes.get(url);
  };
  const predictions = samples.flatMap(({ predictions, inputUrl, groundTruthUrl, ...image }: DumpRow) =>
    predictions.map(async ({ network, url }: DumpRow) => ({
      runId,
      ...image,
      network,
      prediction: await hash(url),
      input: await hash(inputUrl),
      groundTruth: groundTruthUrl && (await hash(groundTruthUrl)),
    })),
  );
  return Promise.all(predictions);
}

function nodes(connection: { edges: { node: DumpRow }[] }): DumpRow[] {
  return connection.edges.map(({ node }) => node);
}

function ids(rows: DumpRow[]): string[] {
  return rows.map(({ id }) => id);
}
