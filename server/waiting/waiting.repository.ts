import type { DataSource } from 'typeorm';
import { RUNNER_FITS } from '../runs/runner-fits.js';

/** How many runs of each placement are counted at most. */
const MOST_AHEAD = 10_000;
/** Of each runner, the newest attempts that say how long one takes. */
const ATTEMPTS = 20;
const DAYS = 30;

/** How long attempts of a runner took. */
export interface Throughput {
  attempts: number;
  seconds: number;
}

export class WaitingRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** How many runs each runner trains; those that train none are left out. */
  async activeCounts(): Promise<Map<string, number>> {
    const rows = await this.dataSource.query<{ runnerId: string; active: number }[]>(
      `/* activeCounts */ SELECT runner_id AS "runnerId", count(*)::int AS active FROM attempts
       WHERE state = 'ACTIVE' AND runner_id IS NOT NULL GROUP BY runner_id`,
    );
    return new Map(rows.map(({ runnerId, active }) => [runnerId, active]));
  }

  /** How long the newest successful attempts of each runner took. */
  async throughput(): Promise<Map<string, Throughput>> {
    const rows = await this.dataSource.query<({ runnerId: string } & Throughput)[]>(
      `/* throughput */ SELECT runner.id AS "runnerId", count(*)::int AS attempts, sum(recent.seconds)::float8 AS seconds
       FROM runners runner CROSS JOIN LATERAL (
         SELECT extract(epoch FROM finished_at - started_at) AS seconds FROM attempts
         WHERE runner_id = runner.id AND state = 'SUCCEEDED' AND finished_at > now() - make_interval(days => $2)
         ORDER BY finished_at DESC LIMIT $1) recent
       GROUP BY runner.id`,
      [ATTEMPTS, DAYS],
    );
    return new Map(rows.map(({ runnerId, ...each }) => [runnerId, each]));
  }

  /**
   * How many queued runs come before each of these: of the same placement, and of those that share a runner with it. Runs that are
   * not queued are left out.
   */
  async ahead(runIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.dataSource.query<{ id: string; ahead: number }[]>(
      `/* runsAhead */ WITH asked AS MATERIALIZED (
         SELECT id, placement_id, priority, number FROM runs WHERE id = ANY ($1) AND placement_id IS NOT NULL
       ), fits AS MATERIALIZED (
         SELECT placement.id AS placement_id, runner.id AS runner_id
         FROM placements placement JOIN runners runner ON ${RUNNER_FITS}
         WHERE EXISTS (SELECT FROM runs WHERE placement_id = placement.id)
       ), rivals AS MATERIALIZED (
         SELECT placement_id AS own, placement_id AS other FROM asked
         UNION
         SELECT own.placement_id, other.placement_id FROM fits own JOIN fits other USING (runner_id)
         WHERE own.placement_id IN (SELECT placement_id FROM asked)
       )
       SELECT asked.id, sum(counted.runs)::int AS ahead
       FROM asked JOIN rivals ON rivals.own = asked.placement_id CROSS JOIN LATERAL (
         SELECT count(*) AS runs FROM (
           (SELECT FROM runs WHERE placement_id = rivals.other AND priority > asked.priority LIMIT $2)
           UNION ALL
           (SELECT FROM runs WHERE placement_id = rivals.other AND priority = asked.priority AND number < asked.number
            LIMIT $2)) earlier) counted
       GROUP BY asked.id`,
      [runIds, MOST_AHEAD],
    );
    return new Map(rows.map(({ id, ahead }) => [id, ahead]));
  }
}
