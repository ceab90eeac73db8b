import type { RunConfig } from '../../schema/run-config.js';
import { settingsNewerThan } from '../../schema/stored-config.js';
import { listed } from '../graphql/texts.js';
import { type Runner, RunnerState } from '../runners/runner.entity.js';
import { WaitingCode, type WaitingReason } from './waiting.types.js';

/** What a queued run needs of a runner. */
export interface Needs {
  pool: string;
  /** `any` is every engine. */
  engine: string;
  dataset: string;
  neededConfigVersion: number;
  config: RunConfig;
}

/** A runner as it is now. */
export interface Candidate {
  runner: Runner;
  state: RunnerState;
  /** Whether it holds the run's dataset. */
  holds: boolean;
  /** How many runs it trains. */
  active: number;
}

/** The most runners, or settings, that a message names. */
const MAX_NAMED = 3;

const reason = (code: WaitingCode, message: string, parameters: Record<string, unknown> = {}): WaitingReason => ({
  code,
  message,
  parameters,
});

export const LATE_CHECKPOINT = reason(WaitingCode.CHECKPOINT, 'its last checkpoint is still being uploaded');

/** The slots of a runner that count. */
export const slotsOf = ({ slots, slotLimit }: Runner): number => Math.min(slots, slotLimit);

/** The first reason why the runner cannot claim the run now; null if it can. */
export function exclusionOf(needs: Needs, candidate: Candidate): WaitingReason | null {
  return unfit(needs, candidate) ?? unavailable(candidate) ?? full(candidate);
}

/** Why the runner could not train the run even if it were idle. */
function unfit({ pool, engine, dataset, neededConfigVersion, config }: Needs, { runner, holds }: Candidate) {
  if (runner.pool !== pool) {
    const parameters = { pool, runnerPool: runner.pool };
    return reason(WaitingCode.POOL, `it is in pool "${runner.pool}", and the run needs "${pool}"`, parameters);
  }
  if (engine !== 'any' && runner.engine !== engine) {
    const parameters = { pool, engine, runnerEngine: runner.engine };
    return reason(WaitingCode.ENGINE, `it has the engine ${runner.engine}, and the run needs ${engine}`, parameters);
  }
  if (!holds) return reason(WaitingCode.DATASET, `it does not hold the dataset "${dataset}"`, { dataset });
  const { configVersion: has, version } = runner;
  if (has >= neededConfigVersion) return null;
  const settings = settingsNewerThan(config, has);
  const parameters = { needed: neededConfigVersion, has, version, settings };
  return reason(
    WaitingCode.CONFIG_VERSION,
    `it has configuration version ${has} (crosscheck ${version}) and does not know ${listed(settings, MAX_NAMED)}; upgrade it`,
    parameters,
  );
}

/** Why the runner claims nothing at present. */
function unavailable({ runner, state }: Candidate): WaitingReason | null {
  const { lastSeenAt, problem } = runner;
  if (state === RunnerState.OFFLINE) {
    return reason(WaitingCode.OFFLINE, 'it is offline', { lastSeenAt: lastSeenAt.toISOString() });
  }
  if (state === RunnerState.DRAINING) return reason(WaitingCode.DRAINING, 'it is draining');
  if (runner.paused) return reason(WaitingCode.PAUSED, 'it is paused');
  return problem === null ? null : reason(WaitingCode.PROBLEM, `it claims no runs: ${problem}`, { problem });
}

function full({ runner, active }: Candidate): WaitingReason | null {
  const slots = slotsOf(runner);
  if (active < slots) return null;
  const what = slots === 1 ? 'its slot is taken' : `all of its ${slots} slots are taken`;
  return reason(WaitingCode.SLOTS, what, { slots, active });
}

/** Why no runner claims the run, whatever its turn; null if it only waits for its turn. */
export function fleetReason(needs: Needs, candidates: readonly Candidate[]): WaitingReason | null {
  const { pool, engine, dataset, neededConfigVersion: needed } = needs;
  const inPool = candidates.filter(({ runner }) => runner.pool === pool);
  if (inPool.length === 0) return reason(WaitingCode.POOL, `there is no runner in pool "${pool}"`, { pool });
  const fitting = inPool.filter(({ runner }) => engine === 'any' || runner.engine === engine);
  if (fitting.length === 0) {
    return reason(WaitingCode.ENGINE, `no runner in pool "${pool}" has the engine ${engine}`, { pool, engine });
  }
  const holders = fitting.filter(({ holds }) => holds);
  if (holders.length === 0) {
    return reason(WaitingCode.DATASET, `no runner that fits holds the dataset "${dataset}"`, { dataset });
  }
  const able = holders.filter(({ runner }) => runner.configVersion >= needed);
  if (able.length === 0) {
    const old = holders.map(
      ({ runner: { name, version, configVersion } }) => `${name} has ${configVersion} (crosscheck ${version})`,
    );
    const message = `it needs configuration version ${needed}, but ${listed(old, MAX_NAMED)}: upgrade a runner`;
    return reason(WaitingCode.CONFIG_VERSION, message, { needed });
  }
  if (able.some((each) => unavailable(each) === null)) return null;
  const why = listed(
    able.map((each) => `${each.runner.name} (${idleWord(each)})`),
    MAX_NAMED,
  );
  return reason(WaitingCode.UNAVAILABLE, `no runner that fits claims runs at the moment: ${why}`);
}

/** Why a runner claims nothing, in a few words. */
function idleWord({ runner, state }: Candidate): string {
  if (state !== RunnerState.ONLINE) return state.toLowerCase();
  return runner.paused ? 'paused' : runner.problem!;
}
