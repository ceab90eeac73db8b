import type { RunLineFragment } from '../../../schema/generated/cli/graphql.js';
import { type Column, share, timeBetween } from '../../output/columns.js';

export const RUN_COLUMNS: readonly Column<RunLineFragment>[] = [
  { title: 'run', of: ({ number }) => `#${number}`, right: true },
  { title: 'name', of: ({ name }) => name },
  { title: 'state', of: stateWords },
  { title: 'progress', of: ({ step, iterations }) => `${step}/${iterations}`, right: true },
  { title: 'best mIoU', of: ({ best }) => share(best?.meanIou), right: true },
  { title: 'last mIoU', of: ({ last }) => share(last?.meanIou), right: true },
  { title: 'dataset', of: ({ dataset }) => dataset.name },
  { title: 'runner', of: ({ runner }) => runner?.name ?? '–' },
  { title: 'age', of: ({ createdAt }) => timeBetween(createdAt), right: true },
];

/** The state of a run and, in parentheses, what its runner is doing, such as `RUNNING (evaluating)`. */
export function stateWords({ state, phase }: Pick<RunLineFragment, 'state' | 'phase'>): string {
  return phase ? `${state} (${phase.toLowerCase()})` : state;
}

/** A run as `--json` prints it. Scripts rely on these names: do not change them. IoU is in [0, 1], of network 1 on the validation images. */
export function runJson({ dataset, runner, best, last, ...run }: RunLineFragment) {
  return {
    id: run.id,
    number: run.number,
    name: run.name,
    state: run.state,
    phase: run.phase,
    step: run.step,
    iterations: run.iterations,
    bestMeanIou: best?.meanIou ?? null,
    lastMeanIou: last?.meanIou ?? null,
    dataset: dataset.name,
    method: run.method,
    backbone: run.backbone,
    split: run.splitLabel,
    seed: run.seed,
    tags: run.tags,
    study: run.study,
    runner: runner?.name ?? null,
    failure: run.failure,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
  };
}
