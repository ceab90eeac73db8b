import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../processes/until.js';
import type { World } from '../world/world.js';
import { type Fault, PATIENCE_SECONDS } from './fault.js';

const CANCELED_SECONDS = 60;
const SOON_MS = 200;

/** Somebody cancels a run that is being trained, and then retries it. */
export const canceledRun: Fault = async (world, { random }) => {
  const runs = await until('a run to be trained', PATIENCE_SECONDS, async () => {
    const trained = await world.database.query<{ id: string; number: number }>(
      `SELECT id, number FROM runs WHERE state = 'RUNNING' ORDER BY number`,
    );
    return trained.length > 0 && trained;
  });
  const { id, number } = runs[random.int(runs.length)]!;
  await patiently(() => world.api('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id }));
  const state = await until(`run #${number} to be canceled`, CANCELED_SECONDS, () => ending(world, id));
  if (state === 'COMPLETED') return `run #${number}, which completed first`;
  await patiently(() => world.api('mutation ($id: ID!) { retryRun(id: $id) { id } }', { id }));
  return `run #${number}`;
};

async function ending(world: World, id: string): Promise<string | null> {
  const [run] = await world.database.query<{ state: string }>('SELECT state FROM runs WHERE id = $1', [id]);
  return ['CANCELED', 'COMPLETED'].includes(run!.state) ? run!.state : null;
}

/** Other faults happen meanwhile, so a request may fail, and may have been carried out although it failed. */
export async function patiently(send: () => Promise<unknown>): Promise<void> {
  await until('a server to answer', CANCELED_SECONDS, async () => {
    try {
      await send();
      return true;
    } catch (error) {
      // The run has already ended, or is already queued again.
      if ((error as Error).message.startsWith('CONFLICT')) return true;
      await sleep(SOON_MS);
      return false;
    }
  });
}
