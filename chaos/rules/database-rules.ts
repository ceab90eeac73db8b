import type { Database } from '../world/database.js';

/** Rules about the rows of the database. Each query returns the violations, one text per row. */
const RULES: Record<string, string> = {
  'a run completes': `
    SELECT format('run #%s is %s at step %s of %s: %s', number, state, step, iterations, failure) AS text
    FROM runs WHERE state <> 'COMPLETED' OR step <> iterations ORDER BY number`,

  'a run completes once': `
    SELECT format('run #%s has %s attempts that succeeded', number, count(a.id)) AS text
    FROM runs LEFT JOIN attempts a ON a.run_id = runs.id AND a.state = 'SUCCEEDED'
    GROUP BY runs.id HAVING count(a.id) <> 1
    UNION ALL
    SELECT format('run #%s became COMPLETED %s times, and left that state %s times', number,
      count(*) FILTER (WHERE after = 'COMPLETED' AND before <> 'COMPLETED'),
      count(*) FILTER (WHERE before = 'COMPLETED' AND after <> 'COMPLETED'))
    FROM chaos.run_states JOIN runs ON runs.id = run_id GROUP BY runs.id
    HAVING count(*) FILTER (WHERE after = 'COMPLETED' AND before <> 'COMPLETED') <> 1
      OR count(*) FILTER (WHERE before = 'COMPLETED' AND after <> 'COMPLETED') > 0`,

  'a run has one ACTIVE attempt at a time': `
    SELECT format('run #%s: attempt %s (%s) became ACTIVE before the previous one had ended', number, fence, attempt_id) AS text
    FROM (
      SELECT run_id, attempt_id, before, sum(CASE WHEN before IS NULL THEN 1 WHEN before = 'ACTIVE' THEN -1 ELSE 0 END)
        OVER (PARTITION BY run_id ORDER BY id) AS active
      FROM chaos.attempt_states WHERE before IS DISTINCT FROM after
    ) AS entry
    JOIN attempts ON attempts.id = attempt_id JOIN runs ON runs.id = entry.run_id
    WHERE active > 1 AND before IS NULL`,

  'an attempt ends once': `
    SELECT format('run #%s: attempt %s (%s) was %s, and then became %s', number, fence, attempt_id, before, after) AS text
    FROM chaos.attempt_states JOIN attempts ON attempts.id = attempt_id JOIN runs ON runs.id = attempts.run_id
    WHERE before <> 'ACTIVE' AND before <> after
    UNION ALL
    SELECT format('run #%s: attempt %s (%s) is still ACTIVE', number, fence, attempts.id)
    FROM attempts JOIN runs ON runs.id = run_id WHERE attempts.state = 'ACTIVE'`,

  'an attempt that has ended writes no more': `
    SELECT format('run #%s: attempt %s had ended when it wrote "%s"', number, fence, message) AS text
    FROM chaos.late_lines JOIN runs ON runs.id = run_id`,

  'a log line is stored once': `
    SELECT format('run #%s: attempt %s has the line "%s" %s times', number, fence, message, count(*)) AS text
    FROM log_lines JOIN runs ON runs.id = run_id WHERE message LIKE 'step %' GROUP BY runs.id, fence, message
    HAVING count(*) > 1`,

  'log lines are in order, without gaps': `
    SELECT format('run #%s: attempt %s has the line "%s" after that of step %s', number, fence, message, previous) AS text
    FROM (
      SELECT number, fence, message, split_part(message, ' ', 2)::int AS step,
        lag(split_part(message, ' ', 2)::int) OVER (PARTITION BY run_id, fence ORDER BY log_lines.id) AS previous,
        (config #>> '{training,logEvery}')::int AS every
      FROM log_lines JOIN runs ON runs.id = run_id WHERE message LIKE 'step %'
    ) AS line
    WHERE step <> previous + every`,

  'scores are those of the evaluations': `
    SELECT format('run #%s has the newest %s on %s at step %s and the best at %s; expected %s and %s', number, network, subset,
      newest_step, best_step, newest, best) AS text
    FROM run_scores FULL JOIN (
      SELECT run_id, subset, network, max(step) AS newest, (array_agg(step ORDER BY mean_iou DESC NULLS LAST, step))[1] AS best
      FROM evaluations GROUP BY run_id, subset, network
    ) AS evaluated USING (run_id, subset, network) JOIN runs ON runs.id = run_id
    WHERE (newest_step, best_step) IS DISTINCT FROM (newest, best)`,

  'images are those of the newest and the best evaluation': `
    SELECT format('run #%s has those of %s on %s at the steps %s; expected %s', number, network, subset, kept, expected) AS text
    FROM (
      SELECT run_id, network, subset, array_agg(step ORDER BY step) AS kept
      FROM evaluation_images GROUP BY run_id, network, subset
    ) AS images FULL JOIN (
      SELECT run_id, network, subset, ARRAY(SELECT DISTINCT unnest(ARRAY[newest_step, best_step]) ORDER BY 1) AS expected
      FROM run_scores
    ) AS scores USING (run_id, network, subset) JOIN runs ON runs.id = run_id
    WHERE kept IS DISTINCT FROM expected`,

  'a blob is complete': `
    SELECT format('blob %s has %s of %s bytes', b.sha256, coalesce(sum(length(c.data)), 0), b.bytes) AS text
    FROM blobs b LEFT JOIN chaos.blob_bytes c USING (sha256) GROUP BY b.sha256, b.bytes
    HAVING coalesce(sum(length(c.data)), 0) <> b.bytes`,

  'no row is left over': `
    SELECT format('series "%s" of run #%s has no points', s.name, number) AS text
    FROM series s JOIN runs ON runs.id = run_id WHERE NOT EXISTS (SELECT FROM points WHERE series_id = s.id)
    UNION ALL
    SELECT format('evaluation %s of run #%s has no IoU of its classes', e.id, number)
    FROM evaluations e JOIN runs ON runs.id = run_id
    WHERE NOT EXISTS (SELECT FROM class_ious WHERE evaluation_id = e.id)
    UNION ALL
    SELECT format('run #%s has more than two checkpoints: %s', number, count(*))
    FROM checkpoints JOIN runs ON runs.id = run_id GROUP BY runs.id HAVING count(*) > 2
    UNION ALL
    SELECT format('blob %s is not referenced, and nothing will remove it', b.sha256)
    FROM blobs b
    WHERE NOT EXISTS (SELECT FROM samples s WHERE s.sha256 = b.sha256)
      AND NOT EXISTS (SELECT FROM sample_images i WHERE b.sha256 IN (i.input_sha256, i.ground_truth_sha256))
      AND NOT EXISTS (SELECT FROM checkpoints c WHERE c.sha256 = b.sha256)
      AND NOT EXISTS (SELECT FROM chaos.collectable_blobs u WHERE u.sha256 = b.sha256)`,
};

/** One line for each violation. */
export async function databaseViolations(database: Database): Promise<string[]> {
  const lines: string[] = [];
  for (const [rule, sql] of Object.entries(RULES)) {
    for (const { text } of await database.query<{ text: string }>(sql)) lines.push(`${rule}: ${text}`);
  }
  return lines;
}
