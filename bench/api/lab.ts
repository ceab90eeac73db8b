import { ReportingRunner } from '../../e2e/support/reporting-runner.js';
import type { TestStack } from '../../e2e/support/test-stack.js';
import type { BenchDatabase } from './database.js';
import { addRuns, addSeries } from './fill.js';

const RUNS = 10_000;
const STUDIES = 200;
const SERIES = 25;
/** Of each series: 8 million in all. */
const POINTS = 32;
const CLASSES = ['pole', ...Array.from({ length: 19 }, (_, index) => `class ${index + 1}`)];
const EVALUATIONS = 10;

/** A lab's database: 10,000 runs in 200 studies, each with 25 series, 20 classes and 10 evaluations. */
export async function addLab(stack: TestStack, database: BenchDatabase): Promise<void> {
  const dataset = { name: 'lab', classes: CLASSES.map((name) => ({ name, color: '#102030' })) };
  const runner = new ReportingRunner(stack, 'lab', dataset);
  await runner.register();
  await stack.queue({
    dataset: 'lab',
    split: { labelledRatio: 0.125 },
    method: { name: 'cps' },
    training: { iterations: 1000 },
  });
  const runId = await runner.claimRun();
  await runner.setUp();
  const seriesId = await addSeries(database, runId, 'series 0', POINTS);
  await addRuns(database, { runId, seriesId }, RUNS - 1, { series: SERIES, points: POINTS });
  for (const statement of STATEMENTS) await database.query(statement);
  await database.query('VACUUM ANALYZE');
}

/** What makes the copies differ. `n` counts the runs from 0. */
const STATEMENTS = [
  `INSERT INTO studies (name) SELECT 'study ' || n FROM generate_series(1, ${STUDIES}) n`,
  `UPDATE runs SET name = chosen.method || ', run ' || n, study_id = study.id, method = chosen.method, seed = n % 5, step = 1000,
     backbone = CASE n % 2 WHEN 0 THEN 'resnet50' ELSE 'resnet101' END, tags = ARRAY['tag ' || n % 7],
     state = CASE WHEN n % 20 = 0 THEN 'FAILED' ELSE 'COMPLETED' END, failure = CASE WHEN n % 20 = 0 THEN 'out of memory' END,
     started_at = now() - interval '1 day', finished_at = now() - (n % 1000) * interval '1 minute',
     setup = like_run.setup, split_hash = like_run.split_hash,
     config = jsonb_set(jsonb_set(runs.config, '{method,name}', to_jsonb(chosen.method)), '{network,width}',
       to_jsonb((ARRAY[0.25, 0.5, 1])[1 + n % 3]))
   FROM (SELECT id, (row_number() OVER (ORDER BY number))::int - 1 AS n FROM runs) numbered
   CROSS JOIN LATERAL (SELECT (ARRAY['supervised', 'cps', 'cps_cutmix', 'cct', 'gct'])[1 + n / 5 % 5] AS method) chosen
   JOIN (SELECT id, (row_number() OVER (ORDER BY name))::int - 1 AS place FROM studies) study ON study.place = n / 50 % ${STUDIES}
   CROSS JOIN (SELECT setup, split_hash FROM runs WHERE setup IS NOT NULL LIMIT 1) like_run
   WHERE numbered.id = runs.id`,
  `INSERT INTO attempts (run_id, fence, runner_id, state, lease_until, finished_at)
   SELECT runs.id, 1, runners.id, 'SUCCEEDED', now(), now() FROM runs JOIN runners ON runners.name = 'lab'
   WHERE NOT EXISTS (SELECT FROM attempts WHERE run_id = runs.id)`,
  `UPDATE attempts SET state = 'SUCCEEDED' WHERE state = 'ACTIVE'`,
  `UPDATE series SET low = random(), high = 1 + random(), mean10 = random(), mean100 = random(), last_value = random()`,
  `UPDATE run_points SET last_values = (SELECT array_agg(random() + id * 0) FROM unnest(series) AS of (id))`,
  `INSERT INTO evaluations (run_id, step, network, subset, confusion, pixels, mean_iou, pixel_accuracy, frequency_weighted_iou)
   SELECT runs.id, 100 * at, 'BRANCH1', 'VAL', array_fill(12345::bigint, ARRAY[${CLASSES.length ** 2}]), 1000000, random(), random(), random()
   FROM runs, generate_series(1, ${EVALUATIONS}) at`,
  // Without the triggers that check foreign keys, row by row.
  `BEGIN; SET LOCAL session_replication_role = replica;
   INSERT INTO class_ious (evaluation_id, class_index, iou, precision, recall)
   SELECT id, class, random(), random(), random() FROM evaluations, generate_series(0, ${CLASSES.length - 1}) class;
   COMMIT`,
  ...['newest', 'best'].map((pick) => pickedScores(pick)),
  `INSERT INTO run_scores SELECT (jsonb_populate_record(scores, '{"network": "ENSEMBLE"}')).* FROM run_scores scores`,
  `INSERT INTO alarms (run_id, step, kind, message, class_index, network)
   SELECT id, 500, 'TAKEOVER', 'a class takes over', 1, 'BRANCH1' FROM runs WHERE number % 3 = 0`,
];

function pickedScores(pick: string): string {
  const order = pick === 'newest' ? 'step DESC' : 'mean_iou DESC';
  const columns = ['step', 'mean_iou', 'pixel_accuracy', 'ious', 'precisions', 'recalls'].map(
    (name) => `${pick}_${name}`,
  );
  const other = pick === 'newest' ? ', best_step' : ', newest_step';
  return `INSERT INTO run_scores (run_id, subset, network, ${columns.join(', ')}${other})
    SELECT run_id, subset, network, step, mean_iou, pixel_accuracy, ious, precisions, recalls, step
    FROM (SELECT DISTINCT ON (run_id, network) * FROM evaluations ORDER BY run_id, network, ${order}) picked
    CROSS JOIN LATERAL (SELECT array_agg(iou ORDER BY class_index) AS ious, array_agg(precision ORDER BY class_index) AS precisions,
      array_agg(recall ORDER BY class_index) AS recalls FROM class_ious WHERE evaluation_id = picked.id) of_classes
    ON CONFLICT (run_id, subset, network) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}
