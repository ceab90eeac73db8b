import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The IoU of pseudo-labels is derived once, when they are stored, and not from the whole matrix at each look. */
export class PseudoLabelScores0006 implements MigrationInterface {
  readonly name = 'PseudoLabelScores1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE pseudo_labels ADD COLUMN mean_iou double precision, ADD COLUMN class_ious double precision[];

      -- Each cell of a matrix counts for the class of its row and for that of its column; on the diagonal they are one.
      UPDATE pseudo_labels AS stored SET mean_iou = scores.mean_iou, class_ious = scores.class_ious
      FROM (
        SELECT run_id, network, step, avg(iou) AS mean_iou, array_agg(iou ORDER BY class) AS class_ious
        FROM (
          SELECT run_id, network, step, class,
            sum(pixels) FILTER (WHERE truth = label)::double precision / nullif(sum(pixels), 0)::double precision AS iou
          FROM pseudo_labels
            CROSS JOIN LATERAL unnest(confusion) WITH ORDINALITY AS cell (pixels, place)
            CROSS JOIN LATERAL (
              SELECT (place - 1) / cardinality(pseudo_pixels) AS truth, (place - 1) % cardinality(pseudo_pixels) AS label
            ) AS classes
            CROSS JOIN LATERAL (SELECT truth AS class UNION SELECT label) AS counted
          GROUP BY run_id, network, step, class
        ) AS of_class
        GROUP BY run_id, network, step
      ) AS scores
      WHERE (stored.run_id, stored.network, stored.step) = (scores.run_id, scores.network, scores.step);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE pseudo_labels DROP COLUMN mean_iou, DROP COLUMN class_ious');
  }
}
