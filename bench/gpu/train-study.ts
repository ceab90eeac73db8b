import { setTimeout as sleep } from 'node:timers/promises';
import { LocalSession } from '../../cli/local-stack/local-session.js';
import { Interrupted, type Stopped } from '../../cli/local-stack/stopped.js';
import { beginOrResume } from '../../cli/local-stack/studies.js';
import { renderTable } from '../../cli/output/table.js';
import { StudyProgressDocument, StudyTableDocument } from '../../schema/generated/cli/graphql.js';
import { shortStudy } from './study-plan.js';

/**
 * `node dist/bench/gpu/train-study.js SECONDS ITERATIONS [option of runner register …]` trains the short study through a server
 * and a runner, as `crosscheck study` does. It stops when time is up, and prints the results until then as JSON.
 */
export interface StudyLine {
  study: true;
  engine: string;
  device: string;
  /** The study's table, as text. */
  table: string[];
  runs: StudyRun[];
}

interface StudyRun {
  name: string;
  state: string;
  step: number;
  iterations: number;
  /** On `VAL`, of the newest evaluation. */
  meanIou: number | null;
  imagesPerSecond: number | null;
  failure: string | null;
}

const [seconds, iterations, ...register] = process.argv.slice(2);
const stopped: Stopped = { yet: false, promise: Promise.resolve() };
stopped.promise = Promise.race([
  sleep(1000 * Number(seconds), undefined, { ref: false }),
  new Promise<void>((resolve) => {
    // Ctrl-C reaches this process, too. If it ended at once, the server would be left behind.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  }),
]).then(() => {
  stopped.yet = true;
});

process.exitCode = await LocalSession.use(
  { home: null, port: 0, data: undefined, register },
  stopped,
  async (session, source) => {
    const { api } = session;
    const { id: studyId } = await beginOrResume(api, shortStudy(Number(iterations)), () => true);
    await session.follow(studyId).catch((error: unknown) => {
      if (!(error instanceof Interrupted)) throw error;
    });
    const [{ study: progress }, { study }] = await Promise.all([
      api.send(StudyProgressDocument, { studyId }),
      api.send(StudyTableDocument, { studyId }),
    ]);
    const runs = progress?.runs.edges.map(({ node }) => node) ?? [];
    const line: StudyLine = {
      study: true,
      engine: source.engine,
      device: source.device,
      table: study ? renderTable(study.table).split('\n') : [],
      runs: runs.map(({ name, state, step, iterations, evaluation, series, failure }) => ({
        ...{ name, state, step, iterations },
        meanIou: evaluation?.meanIou ?? null,
        imagesPerSecond: numberOf(series.find((each) => each.name === 'images_per_second')?.lastValue),
        failure: failure ?? null,
      })),
    };
    console.log(JSON.stringify(line));
    return !runs.some(({ state }) => state === 'FAILED');
  },
);

/** The API writes numbers that JSON does not have as texts. */
function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
