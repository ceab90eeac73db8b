import type { TestStack } from '../../e2e/support/test-stack.js';
import { msOf, quantile } from '../measure.js';
import type { BenchDatabase } from './database.js';
import { claimed } from './ingest.js';
import { millisecondsEach, type ProcessorTime, processorTime } from './processor-time.js';

const REPEATS = 40;
const CLASSES = 19;
const STUDIES = 10;
const METHODS = ['supervised', 'mean_teacher', 'cps', 'cps_cutmix'];
const RATIOS = [1 / 16, 1 / 8, 1 / 4, 1 / 2];
const SEEDS = Array.from({ length: 13 }, (_, i) => i);
const BACKBONES = ['resnet50'];

export interface PivotFigure {
  runs: number;
  /** The median. */
  ms: number;
  /** The median of a plain SQL query for means and deviations by method and ratio. */
  sqlMs: number;
  /** Milliseconds of processor time for each request, which a busy machine changes less. */
  processor: ProcessorTime;
}

/** Tables of one study of about 200 runs, and of ten: through the server, and in plain SQL. */
export async function pivots(stack: TestStack, database: BenchDatabase): Promise<Record<string, PivotFigure>> {
  const { runId } = await claimed(stack);
  const [dataset] = await database.query<{ name: string }>(
    'SELECT dataset.name FROM datasets dataset JOIN runs ON dataset_id = dataset.id WHERE runs.id = $1',
    [runId],
  );
  const ids: string[] = [];
  for (let study = 0; study < STUDIES; study++) {
    const { createStudy } = await stack.send<{ createStudy: { id: string } }>(
      'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
      {
        input: {
          name: `study ${study}`,
          base: { dataset: dataset!.name, training: { iterations: 1000 + study } },
          matrix: {
            methods: METHODS.map((name) => ({ name })),
            labelledRatios: RATIOS,
            backbones: BACKBONES,
            seeds: SEEDS,
          },
        },
      },
    );
    ids.push(createStudy.id);
  }
  await fill(database, ids);
  const [first] = ids;
  const bySettings = (condition: string) => () =>
    database.query(
      `SELECT run.method, run.config #>> '{split,labelledRatio}' AS ratio, count(*), avg(newest_mean_iou), stddev_samp(newest_mean_iou),
         min(newest_mean_iou), max(newest_mean_iou), array_agg(run.id)
       FROM runs run JOIN run_scores s ON s.run_id = run.id AND subset = 'VAL' AND network = 'BRANCH1'
       WHERE ${condition} GROUP BY 1, 2`,
      [ids],
    );
  const one = METHODS.length * RATIOS.length * SEEDS.length;
  const CELLS =
    'columns { labels } rows { labels cells { n mean std min max interval { low high } runNumbers gain { difference p } } }';
  const AXES = 'rows: ["method"], columns: ["split.labelledRatio"]';
  const figure = async (runs: number, query: string, condition: string): Promise<PivotFigure> => {
    const ask = () => stack.send(query, { id: first });
    const figures = await timed(ask, bySettings(condition));
    const before = await processorTime(stack.server!.pid, database);
    for (let repeat = 0; repeat < REPEATS; repeat++) await ask();
    const processor = millisecondsEach(before, await processorTime(stack.server!.pid, database), REPEATS);
    return { runs, ...figures, processor };
  };
  return {
    'pivot of a study': await figure(
      one,
      `query ($id: ID!) { study(id: $id) { pivot(${AXES}) { ${CELLS} } } }`,
      'run.study_id = ($1::uuid[])[1]',
    ),
    'table of a study': await figure(
      one,
      `query ($id: ID!) { study(id: $id) { table { classes { name } rows { methodLabel splitLabel n runs { id number }
         meanIou { mean std n } pixelAccuracy { mean std n } frequencyWeightedIou { mean std n } classIous { mean std n } } } } }`,
      'run.study_id = ($1::uuid[])[1]',
    ),
    'pivot of ten studies': await figure(
      one * STUDIES,
      `{ runsPivot(rows: ["method", "study"], columns: ["split.labelledRatio"], query: "study is known") { ${CELLS} } }`,
      'run.study_id = ANY ($1)',
    ),
  };
}

/** As if all runs had been trained. */
async function fill(database: BenchDatabase, studyIds: readonly string[]): Promise<void> {
  const each = `(SELECT array_agg(0.4 + random() / 2) FROM generate_series(1, ${CLASSES}) WHERE runs.id IS NOT NULL)`;
  await database.query(
    `WITH done AS (
       UPDATE runs SET state = 'COMPLETED', placement_id = NULL, step = iterations, started_at = now(), finished_at = now(),
         split_hash = md5(config ->> 'split'),
         setup = '{"engine": "wasm", "device": "cpu", "labelledImages": 8, "unlabelledImages": 56, "parameters": 1000}'
       WHERE study_id = ANY ($1) RETURNING id, iterations)
     INSERT INTO attempts (run_id, fence, state, lease_until, version, "commit")
     SELECT id, 1, 'SUCCEEDED', now(), '0.1.0', 'abc1234' FROM done`,
    [studyIds],
  );
  await database.query(
    `INSERT INTO run_scores (run_id, subset, network, newest_step, best_step, newest_mean_iou, best_mean_iou, newest_ious, best_ious,
       newest_pixel_accuracy)
     SELECT id, 'VAL', 'BRANCH1', iterations, iterations, value, value, ious, ious, value
     FROM runs CROSS JOIN LATERAL (SELECT 0.6 + random() / 10 AS value, ${each} AS ious) drawn WHERE study_id = ANY ($1)`,
    [studyIds],
  );
  await database.query(
    `INSERT INTO evaluations (run_id, step, network, subset, confusion, pixels, mean_iou, pixel_accuracy, frequency_weighted_iou)
     SELECT run_id, newest_step, network, subset, array_fill(1000::bigint, ARRAY[${CLASSES ** 2}]), 361000, newest_mean_iou, 0.9, 0.8
     FROM run_scores JOIN runs ON runs.id = run_id WHERE study_id = ANY ($1)`,
    [studyIds],
  );
  await database.query(
    `INSERT INTO class_ious (evaluation_id, class_index, iou)
     SELECT evaluations.id, place - 1, iou FROM evaluations JOIN runs ON runs.id = run_id
     JOIN run_scores USING (run_id, network, subset) CROSS JOIN unnest(newest_ious) WITH ORDINALITY AS of (iou, place)
     WHERE study_id = ANY ($1)`,
    [studyIds],
  );
  await database.query('VACUUM ANALYZE');
}

/** Both in turn, so that what else this machine does slows both down. */
async function timed(ask: () => Promise<unknown>, sql: () => Promise<unknown>): Promise<{ ms: number; sqlMs: number }> {
  const [times, sqlTimes]: number[][] = [[], []];
  // The first answers also compile the code.
  for (let repeat = -5; repeat < REPEATS; repeat++) {
    const [ms, sqlMs] = [await msOf(ask), await msOf(sql)];
    if (repeat < 0) continue;
    times!.push(ms);
    sqlTimes!.push(sqlMs);
  }
  return { ms: quantile(times!, 0.5), sqlMs: quantile(sqlTimes!, 0.5) };
}
