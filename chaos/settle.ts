import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines } from '../processes/last-lines.js';
import { until } from '../processes/until.js';
import { PATIENCE_SECONDS } from './faults/fault.js';
import type { World } from './world/world.js';

/** If nothing changes for so long, the queue is stuck. Longer than the rest of an agent that has lost two runs. */
const STUCK_SECONDS = 90;
const ASK_AGAIN_MS = 250;

/** Ends all faults, and starts every agent again. */
export async function heal({ agents, servers }: World): Promise<void> {
  for (const { place, process } of [...agents]) {
    place.link.restore();
    process.signal('SIGCONT');
  }
  await Promise.all(servers.map((server) => server.isUp()));
  await Promise.all(
    agents.map((agent) => {
      agent.skewClock(0);
      return agent.process.startAgain(PATIENCE_SECONDS);
    }),
  );
}

/** Waits until every agent works, and so has delivered what was left in its home. */
export async function allReady({ agents }: World): Promise<void> {
  await until('every agent to be ready', PATIENCE_SECONDS, () =>
    agents.every(({ process }) => process.pid !== null && process.output.includes('is ready')),
  );
}

/**
 * Waits until no run is queued or being trained.
 * @returns what is stuck and why, if nothing has changed for a while
 */
export async function emptyQueue(world: World): Promise<string[]> {
  let before = '';
  let changedMs = Date.now();
  for (;;) {
    const [now] = await world.database.query<{ left: number; progress: string }>(
      `SELECT count(*) FILTER (WHERE state IN ('QUEUED', 'RUNNING', 'CANCELING'))::int AS left,
         concat_ws(' ', sum(step), string_agg(state, '' ORDER BY number)) AS progress
       FROM runs`,
    );
    if (now!.left === 0) return [];
    if (now!.progress !== before) changedMs = Date.now();
    before = now!.progress;
    if (Date.now() - changedMs > STUCK_SECONDS * 1000) return whatIsStuck(world);
    await sleep(ASK_AGAIN_MS);
  }
}

async function whatIsStuck({ database, agents }: World): Promise<string[]> {
  const runs = await database.query<{ text: string }>(
    `SELECT format('the queue runs empty: run #%s has been %s at step %s of %s for ${STUCK_SECONDS} s; newest attempt: %s', number,
       runs.state, step, iterations, coalesce(a.what, 'none')) AS text
     FROM runs LEFT JOIN LATERAL (
       SELECT format('%s (%s) on %s, %s, lease until %s: %s', fence, id, (SELECT name FROM runners WHERE id = runner_id),
         state, lease_until, message) AS what
       FROM attempts WHERE run_id = runs.id ORDER BY fence DESC LIMIT 1
     ) AS a ON true
     WHERE runs.state IN ('QUEUED', 'RUNNING', 'CANCELING') ORDER BY number`,
  );
  const said = agents.map(({ name, process }) => `the last lines of ${name}:\n${lastLines(process.output)}`);
  return [...runs.map(({ text }) => text), ...said];
}
