/**
 * Statements that store the points that `select` returns (series_id, step, value) as blocks, without times and the extremes of
 * groups, for databases that take too long to fill through the API. The series must have no points yet.
 */
export function insertPoints(select: string): { blocks: string; newest: string } {
  const known = "FILTER (WHERE value <> 'NaN')";
  return {
    blocks: `
      INSERT INTO point_blocks (series_id, first_step, last_step, points, first_value, last_value, low, low_step, high,
        high_step, nan_step, steps, values)
      SELECT series_id, min(step), max(step), count(*), (array_agg(value ORDER BY step))[1],
        (array_agg(value ORDER BY step DESC))[1], min(value) ${known}, (array_agg(step ORDER BY value, step) ${known})[1],
        max(value) ${known}, (array_agg(step ORDER BY value DESC, step) ${known})[1],
        min(step) FILTER (WHERE value = 'NaN'), array_agg((step - first_step)::int ORDER BY step), array_agg(value ORDER BY step)
      FROM (
        SELECT *, min(step) OVER (PARTITION BY series_id, block) AS first_step
        FROM (
          SELECT *, (row_number() OVER (PARTITION BY series_id ORDER BY step) - 1) / 480 AS block FROM (${select}) AS points
        ) AS numbered
      ) AS placed
      GROUP BY series_id, block`,
    newest: `
      INSERT INTO run_points (run_id, series, last_steps, last_values)
      SELECT run_id, array_agg(id ORDER BY id), array_agg(newest.last_step ORDER BY id),
        array_agg(newest.last_value ORDER BY id)
      FROM series CROSS JOIN LATERAL (
        SELECT last_step, last_value FROM point_blocks WHERE series_id = id ORDER BY first_step DESC LIMIT 1) AS newest
      GROUP BY run_id ON CONFLICT (run_id) DO NOTHING`,
  };
}
