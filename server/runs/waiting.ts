import { type Runner, RunnerState } from '../runners/runner.entity.js';
import type { Run } from './run.entity.js';

/** What a queued run needs of a runner. */
export type Needs = Pick<Run, 'pool' | 'engine' | 'neededConfigVersion'> & { dataset: string };

/** The most runners that a message names. */
const MAX_NAMED = 3;

/**
 * Why no runner can claim a queued run; null if it only waits for its turn.
 * @param runners all runners
 * @param holds whether a runner holds the run's dataset
 * @param idle why a runner claims no runs at present; null if it claims some
 */
export function whyWaiting(
  needs: Needs,
  runners: readonly Runner[],
  holds: (runner: Runner) => boolean,
  idle: (runner: Runner) => string | null,
): string | null {
  const inPool = runners.filter(({ pool }) => pool === needs.pool);
  if (inPool.length === 0) return `there is no runner in pool "${needs.pool}"`;
  const fitting = inPool.filter(({ engine }) => needs.engine === 'any' || engine === needs.engine);
  if (fitting.length === 0) return `no runner in pool "${needs.pool}" has the engine ${needs.engine}`;
  const holders = fitting.filter(holds);
  if (holders.length === 0) return `no runner that fits holds the dataset "${needs.dataset}"`;
  const able = holders.filter(({ configVersion }) => configVersion >= needs.neededConfigVersion);
  if (able.length === 0) {
    const old = named(
      holders,
      ({ name, version, configVersion }) => `${name} has ${configVersion} (crosscheck ${version})`,
    );
    return `it needs configuration version ${needs.neededConfigVersion}, but ${old}: upgrade a runner`;
  }
  if (able.some((runner) => idle(runner) === null)) return null;
  return `no runner that fits claims runs at the moment: ${named(able, (runner) => `${runner.name} (${idle(runner)})`)}`;
}

/** Why a runner in this state claims no runs; null if it claims some. */
export function whyIdle({ problem }: Runner, state: RunnerState): string | null {
  return state === RunnerState.ONLINE ? problem : state.toLowerCase();
}

function named(runners: readonly Runner[], text: (runner: Runner) => string): string {
  const more = runners.length - MAX_NAMED;
  return runners.slice(0, MAX_NAMED).map(text).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
