import { padEndTo, widestOf } from '../../../schema/display-width.js';
import type { WatchRunSubscription } from '../../../schema/generated/cli/graphql.js';
import { share, timeBetween } from '../../output/columns.js';
import { bar, sparkline } from '../../output/sparkline.js';
import { stateWords } from './run-line.js';

export type WatchedRun = WatchRunSubscription['runChanged'];
type History = WatchedRun['metrics'][number];
type Alarm = WatchedRun['activeAlarms'][number];

const LINE_WIDTH = 40;
const BAR_WIDTH = 30;

/** The current state of a run, as lines that are redrawn. */
export function watchedLines(run: WatchedRun): string[] {
  const { number, name, step, iterations, startedAt, failure, activeAlarms } = run;
  const curves = [...losses(run), ...run.metrics.filter((each) => each.name.startsWith('miou/'))];
  const width = widestOf(curves.map((curve) => curve.name));
  return [
    `#${number} "${name}": ${stateWords(run)}${startedAt ? `, started ${timeBetween(startedAt)} ago` : ''}`,
    `${bar(step / iterations, BAR_WIDTH)}  ${progressWords(run)}`,
    ...curves.map((curve) => {
      const values = curve.values.map(Number);
      const line = sparkline(curve.steps, values, LINE_WIDTH).padEnd(LINE_WIDTH);
      return `${padEndTo(curve.name, width)}  ${line}  ${valueWords(curve)}`;
    }),
    scoreWords(run),
    ...activeAlarms.map(alarmWords),
    ...(failure ? [`failure: ${failure}`] : []),
  ].filter((line) => line !== '');
}

/** The same in one line. */
function watchedLine(run: WatchedRun): string {
  const values = losses(run).map((loss) => `${loss.name} ${valueWords(loss)}`);
  return [`#${run.number} ${stateWords(run)}`, progressWords(run), ...values, scoreWords(run)]
    .filter((part) => part !== '')
    .join(', ');
}

function alarmWords({ step, kind, network, message }: Alarm): string {
  return `alarm since step ${step}: ${kind}${network ? ` of ${network}` : ''}: ${message}`;
}

/** For a file or a pipe: a line whenever the state has changed, another tenth is done or there is another evaluation, and one for each new alarm. */
export function plainLines(print: (line: string) => void): (run: WatchedRun) => void {
  let shown = '';
  const alarms = new Set<string>();
  return (run) => {
    const mark = [run.state, Math.floor((10 * run.step) / run.iterations), run.last?.step, run.best?.step].join();
    if (mark !== shown) print(watchedLine(run));
    shown = mark;
    for (const alarm of run.activeAlarms) {
      if (!alarms.has(alarm.id)) print(alarmWords(alarm));
      alarms.add(alarm.id);
    }
  };
}

/** A run as `--json` prints it. Scripts rely on these names: do not change them. mIoU is in [0, 1], of network 1 on the validation images. */
export function watchedJson(run: WatchedRun) {
  const { id, number, state, phase, step, iterations, failure, best, last, metrics, activeAlarms } = run;
  const values = Object.fromEntries(metrics.map((each) => [each.name, each.values.at(-1) ?? null]));
  const alarms = activeAlarms.map(({ id: _, ...alarm }) => alarm);
  const scores = { lastMeanIou: last?.meanIou ?? null, bestMeanIou: best?.meanIou ?? null };
  return { id, number, state, phase, step, iterations, ...scores, values, alarms, failure };
}

const losses = ({ metrics }: WatchedRun): History[] => metrics.filter(({ name }) => name.startsWith('loss'));

function progressWords({ step, iterations, state, metrics }: WatchedRun): string {
  const speed = metrics.find(({ name }) => name === 'images_per_second')?.values.at(-1);
  const isTraining = state === 'RUNNING' && typeof speed === 'number';
  return `${step}/${iterations}${isTraining ? `, ${speed.toFixed(0)} images/s` : ''}`;
}

function scoreWords({ best, last }: WatchedRun): string {
  // The server reads these one after the other, so an evaluation that is stored meanwhile may be in only one of them.
  if (!last || !best) return '';
  return `mIoU ${share(last.meanIou)} % at step ${last.step}, best ${share(best.meanIou)} % at step ${best.step}`;
}

function valueWords({ values }: History): string {
  const value = values.at(-1);
  return typeof value === 'number' ? value.toPrecision(4) : String(value);
}
