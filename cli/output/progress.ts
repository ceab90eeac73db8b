import { padEndTo, widestOf } from '../../schema/display-width.js';
import type { StudyProgressQuery } from '../../schema/generated/cli/graphql.js';
import { RedrawnBlock } from './redrawn-block.js';

export type ProgressRun = NonNullable<StudyProgressQuery['study']>['runs']['edges'][number]['node'];

/** Redraws one line per run in a terminal. Elsewhere, such as in a log file, prints a line whenever a run has advanced by a tenth. */
export class Progress {
  private readonly block = new RedrawnBlock(process.stdout);
  private readonly printed = new Map<string, string>();

  show(runs: ProgressRun[]): void {
    const nameWidth = widestOf(runs.map((run) => run.name));
    if (process.stdout.isTTY) {
      this.block.show(runs.map((run) => describe(run, nameWidth)));
      return;
    }
    for (const run of runs) {
      const mark = `${run.state} ${Math.floor((10 * run.step) / run.iterations)}`;
      if (run.state !== 'QUEUED' && this.printed.get(run.id) !== mark) console.log(describe(run, nameWidth));
      this.printed.set(run.id, mark);
    }
  }
}

function describe(run: ProgressRun, nameWidth: number): string {
  const share = run.step / run.iterations;
  const bar = '█'.repeat(Math.round(share * 20)).padEnd(20, '░');
  const speed = run.series.find((series) => series.name === 'images_per_second')?.lastValue;
  const miou = run.evaluation?.meanIou;
  return [
    padEndTo(run.name, nameWidth),
    bar,
    `${run.step}/${run.iterations}`.padStart(11),
    miou === null || miou === undefined ? ' '.repeat(15) : `val mIoU ${(miou * 100).toFixed(1).padStart(5)}%`,
    run.state === 'RUNNING' && typeof speed === 'number' ? `${speed.toFixed(0)} images/s` : run.state.toLowerCase(),
  ].join('  ');
}
