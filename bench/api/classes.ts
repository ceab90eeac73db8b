import type { TestStack } from '../../e2e/support/test-stack.js';
import type { BenchDatabase } from './database.js';
import { addRuns, addSeries } from './fill.js';
import { type Figure, timed } from './histories.js';
import { claimed } from './ingest.js';
import { millisecondsEach, type ProcessorTime, processorTime } from './processor-time.js';

const RUNS = 20;
/** As of PASCAL VOC. */
const CLASSES = 21;
const EVALUATIONS = 80;
const SERIES = ['series 1', 'series 2', 'series 3'];
/** A point for every ten of 9,600 iterations: two whole blocks. */
const POINTS = 960;
/** As many as the dashboard draws. */
const DRAWN = 400;
/** For processor time, which is counted in hundredths of a second. */
const REQUESTS = 100;

/** Twenty runs of 21 classes with 80 evaluations and three series each. */
async function addEvaluatedRuns(stack: TestStack, database: BenchDatabase): Promise<string[]> {
  const { runId } = await claimed(stack);
  const seriesId = await addSeries(database, runId, 'compared', POINTS);
  const ids = await addRuns(database, { runId, seriesId }, RUNS, { series: SERIES.length, points: POINTS });
  const classes = Array.from({ length: CLASSES }, (_, i) => ({ name: `class ${i}`, color: '#102030' }));
  await database.query(
    `WITH added AS (
       INSERT INTO datasets (name, kind, classes, ignore_index, train_images, val_images, test_images, fingerprint)
       SELECT 'voc', kind, $2::jsonb, ignore_index, train_images, val_images, test_images, repeat('c', 64)
       FROM datasets LIMIT 1 RETURNING id)
     UPDATE runs SET dataset_id = added.id FROM added WHERE runs.id = ANY ($1)`,
    [ids, JSON.stringify(classes)],
  );
  await database.query(
    `INSERT INTO evaluations (run_id, step, network, subset, confusion, pixels, mean_iou, pixel_accuracy, frequency_weighted_iou)
     SELECT run_id, 120 * n, 'BRANCH1', 'VAL', array_fill(1000 + n, ARRAY[$2::int]), (1000 + n) * $2::int, n / 100.0, 0.5, 0.5
     FROM unnest($1::uuid[]) AS run_id, generate_series(1, $3::int) AS n`,
    [ids, CLASSES ** 2, EVALUATIONS],
  );
  await database.query(
    `INSERT INTO class_ious (evaluation_id, class_index, iou, precision, recall)
     SELECT id, index, random(), random(), random() FROM evaluations, generate_series(0, $2::int - 1) AS index
     WHERE run_id = ANY ($1)`,
    [ids, CLASSES],
  );
  await database.query(
    `INSERT INTO run_scores (run_id, subset, network, newest_step, newest_mean_iou, best_step, best_mean_iou)
     SELECT run_id, subset, network, max(step), max(mean_iou), max(step), max(mean_iou) FROM evaluations
     WHERE run_id = ANY ($1) GROUP BY run_id, subset, network`,
    [ids],
  );
  await database.query('VACUUM ANALYZE');
  return ids;
}

/** The classes of twenty runs, and the runs side by side. Beside each request is what it reads, in plain SQL. */
export async function classes(stack: TestStack, database: BenchDatabase) {
  const ids = await addEvaluatedRuns(stack, database);
  const measure = async (query: string, ...sql: string[]): Promise<Figure & { cpuMs: ProcessorTime }> => {
    const ask = () => stack.send(`query ($ids: [ID!]!) { ${query} }`, { ids });
    const plain = async () => {
      for (const statement of sql) await database.query(statement, [ids]);
    };
    const repeat = async () => {
      for (let request = 0; request < REQUESTS; request++) await ask();
    };
    // The first requests compile the code.
    await repeat();
    const before = await processorTime(stack.server!.pid, database);
    await repeat();
    const cpuMs = millisecondsEach(before, await processorTime(stack.server!.pid, database), REQUESTS);
    return { ...(await timed(stack, ask, plain)), cpuMs };
  };
  const newest = `SELECT r.number, e.step, c.class_index, c.iou FROM runs r JOIN run_scores s ON s.run_id = r.id
    JOIN evaluations e ON (e.run_id, e.subset, e.network, e.step) = (s.run_id, s.subset, s.network, s.newest_step)
    JOIN class_ious c ON c.evaluation_id = e.id WHERE r.id = ANY ($1) ORDER BY r.number, c.class_index`;
  const blocks = `SELECT run_id, name, steps, values FROM series JOIN point_blocks ON series_id = series.id
    WHERE run_id = ANY ($1) ORDER BY series_id, first_step`;
  const histories = `histories(runIds: $ids, names: ${JSON.stringify(SERIES)}, maxPoints: ${DRAWN}) { runId name steps values }`;
  return {
    'class IoU of 20 runs': await measure(
      'compareClassIous(runIds: $ids) { run { number } evaluation { step classScores { classes ious } } }',
      newest,
    ),
    'the same, an object for each class': await measure(
      'compareClassIous(runIds: $ids) { run { number } evaluation { step classIous { name iou } } }',
      newest,
    ),
    'class IoU of 20 runs at 80 steps': await measure(
      'classHistories(runIds: $ids) { run { number } steps classes { name ious } }',
      `SELECT e.run_id, e.step, c.class_index, c.iou FROM evaluations e JOIN class_ious c ON c.evaluation_id = e.id
       WHERE e.run_id = ANY ($1) ORDER BY e.run_id, e.step, c.class_index`,
    ),
    'compare 20 runs with 3 series': await measure(
      `compareClassIous(runIds: $ids) { run { number name state } evaluation { step meanIou classIous { name iou } } } ${histories}`,
      newest,
      blocks,
    ),
    'compare the settings of 20 runs': await measure(
      'compareConfigs(runIds: $ids) { equalSettings settings { path values } facts { path values } }',
      'SELECT number, config, setup, split_hash FROM runs WHERE id = ANY ($1)',
    ),
    'confusion matrices of 20 runs': await measure(
      'compareClassIous(runIds: $ids) { evaluation { confusionMatrix { truthShares } } }',
      `SELECT e.confusion FROM run_scores s JOIN evaluations e ON (e.run_id, e.subset, e.network, e.step) =
       (s.run_id, s.subset, s.network, s.newest_step) WHERE s.run_id = ANY ($1)`,
    ),
  };
}
