import type { TestServer } from './test-server.js';
import { trainedRun } from './trained-run.js';

// biome-ignore lint/suspicious/noExplicitAny: each query selects something else
export type Answer = any;

export const SUPERVISED = { name: 'supervised' };
export const CPS = { name: 'cps' };
export const BY_RATIO = 'rows: ["method"], columns: ["split.labelledRatio"]';

const CELL = `n mean std min max interval { low high } completed averages seeds draws lacking missing runNumbers published
  publishedGap states { queued completed failed total } warnings { kind message }
  gain { difference test t degreesOfFreedom p pairs baselineN reason differing interval { low high } }`;
const PIVOT = `title value isShare rowFields columnFields runCount missing source warnings { kind message }
  columns { labels key } rows { labels key isPublished cells { ${CELL} } }`;

const SCORES: Record<string, number> = {
  'supervised 0.125 0': 0.6,
  'supervised 0.125 1': 0.61,
  'supervised 0.125 2': 0.62,
  'cps 0.125 0': 0.65,
  'cps 0.125 1': 0.655,
  'cps 0.125 2': 0.68,
  'supervised 0.25 0': 0.7,
  'supervised 0.25 1': 0.71,
  'cps 0.25 0': 0.72,
};

interface StudyRun {
  id: string;
  number: number;
  seed: number;
  method: string;
  split: Answer;
}

/** Studies on a server, and tables of them. */
export function pivotStudies(server: TestServer) {
  const { dataSource } = server.database;
  const create = async (name: string, matrix: object, base: object = {}): Promise<string> => {
    const { createStudy } = await server.ask(
      'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
      { input: { name, base: { dataset: 'shapes', ...base }, matrix } },
    );
    return createStudy.id;
  };
  /** The runs of a study, by number. */
  const runsOf = (studyId: string): Promise<StudyRun[]> =>
    dataSource.query(
      `SELECT id, number, seed::int, method, config -> 'split' AS split FROM runs WHERE study_id = $1 ORDER BY number`,
      [studyId],
    );
  const finish = (runId: string, score: number | null, how?: Parameters<typeof trainedRun>[3]) =>
    trainedRun(dataSource, runId, score, how);
  /** Two methods with three seeds at two ratios. At the second one, a run has failed, one waits, and one is missing. */
  const twoRatios = async (): Promise<string> => {
    const matrix = { methods: [SUPERVISED, CPS], labelledRatios: [0.125, 0.25], seeds: [0, 1, 2] };
    const study = await create('a study', matrix);
    for (const { id, method, split, seed } of await runsOf(study)) {
      const key = `${method} ${split.labelledRatio} ${seed}`;
      if (key in SCORES) await finish(id, SCORES[key]!);
      else if (key === 'supervised 0.25 2') await finish(id, null, { state: 'FAILED' });
      else if (key === 'cps 0.25 2') await dataSource.query('DELETE FROM runs WHERE id = $1', [id]);
    }
    return study;
  };
  const pivot = async (studyId: string, args: string, fields = PIVOT): Promise<Answer> => {
    const { study } = await server.ask(`query ($id: ID!) { study(id: $id) { pivot(${args}) { ${fields} } } }`, {
      id: studyId,
    });
    return study.pivot;
  };
  return { create, runsOf, finish, twoRatios, pivot };
}
