import { setTimeout as sleep } from 'node:timers/promises';
import { patiently } from './faults/runs.js';
import type { World } from './world/world.js';

export const ITERATIONS = 40;
const TRAINING = {
  iterations: ITERATIONS,
  evaluateEvery: 10,
  sampleEvery: 10,
  checkpointEvery: 15,
  logEvery: 1,
};
const ASK_AGAIN_MS = 1000;

/** Queues runs. The seed of a run's configuration is its place, counted from `first`, by which the script knows it. */
export async function queueRuns(world: World, first: number, count: number): Promise<void> {
  for (let seed = first; seed < first + count; seed++) {
    const split = { labelledRatio: 0.125, seed };
    const config = { dataset: 'shapes', split, method: { name: 'supervised' }, training: TRAINING, seed };
    await patiently(() =>
      world.api('mutation ($config: JSONObject!) { createRun(input: { config: $config }) { id } }', { config }),
    );
  }
}

/**
 * Keeps at least `least` runs waiting until `isOver`: a fast machine would train them all before every
 * fault has happened. @throws Error if the servers refuse runs for long
 */
export async function refillQueue(world: World, least: number, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await sleep(ASK_AGAIN_MS);
    const [counts] = await world.database.query<{ all: number; waiting: number }>(
      `SELECT count(*)::int AS all, count(*) FILTER (WHERE state = 'QUEUED')::int AS waiting FROM runs`,
    );
    if (isOver() || counts!.waiting >= least) continue;
    await queueRuns(world, counts!.all + 1, least);
    world.log(`queued ${least} more runs`);
  }
}
