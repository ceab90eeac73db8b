import { classWeightWords } from '../../../schema/class-weight-words.js';
import type { ShowRunQuery } from '../../../schema/generated/cli/graphql.js';
import { parameterWords } from '../../../schema/parameter-words.js';
import { networkOf, type OneNetworkConfig, type RunConfig } from '../../../schema/run-config.js';
import { completedConfig } from '../../../schema/stored-config.js';
import { placeWords, runnerWords } from '../../../schema/waiting-words.js';
import { type Column, renderRows, share, timeBetween } from '../../output/columns.js';
import { runJson, stateWords } from './run-line.js';

type Run = NonNullable<ShowRunQuery['run']>;
type Scores = Run['bestScores'];
type Attempt = Run['attempts'][number];
type Alarm = Run['alarms'][number];

/** A run as `run show --json` prints it. Scripts rely on these names: do not change them. */
export function runDetailsJson(run: Run, url: string) {
  const { config, splitHash, setup, attempts, alarms, pool, priority, notes, archivedAt, parent, children, waiting } =
    run;
  return {
    ...runJson(run),
    notes,
    archivedAt,
    parent,
    children: children.map(({ number }) => number),
    waiting: waiting && {
      ...waiting,
      estimate: waiting.estimate?.startsAt ?? null,
      runners: waiting.runners.map(({ runner, reason }) => ({ runner: runner.name, reason })),
    },
    pool,
    priority,
    url,
    config,
    splitHash,
    setup,
    attempts: attempts.map(({ runner, ...attempt }) => ({ ...attempt, runner: runner?.name ?? null })),
    scores: { best: run.bestScores, last: run.lastScores, test: run.testScores },
    alarms,
  };
}

/** A run as lines of text. */
export function describeRun(run: Run, url: string): string[] {
  return [
    `#${run.number} "${run.name}": ${stateWords(run)}, ${run.step} of ${run.iterations} iterations`,
    ...facts(run, url).map(([name, value]) => `${name.padEnd(10)}${value}`),
    ...section('Notes', run.notes ? run.notes.split('\n') : []),
    ...section('Waits for', run.waiting ? waitingLines(run.waiting) : []),
    ...section('Attempts', table(ATTEMPT_COLUMNS, run.attempts)),
    ...section('IoU of network 1, in %', scoreLines(run)),
    ...section('Alarms', table(ALARM_COLUMNS, run.alarms)),
  ];
}

function facts(run: Run, url: string): [string, string][] {
  const config = completedConfig(run.config) as RunConfig;
  const { name: _, ...method } = config.method;
  const settings = Object.keys(method).length > 0 ? ` ${JSON.stringify(method)}` : '';
  const { network, training, optimiser } = config;
  const all: [string, string | null | undefined][] = [
    ['failure', run.failure],
    ['study', run.study && `${run.study.name} (${run.study.id})`],
    [
      'dataset',
      `${run.dataset.name}, labelled: ${run.splitLabel}${run.splitHash ? `, split ${run.splitHash.slice(0, 12)}` : ''}`,
    ],
    ['method', run.methodLabel + settings],
    ['network', networkWords(networkOf(network, 1))],
    ['network 2', network.second && networkWords(networkOf(network, 2))],
    [
      'training',
      `${training.iterations} iterations, batches of ${training.batchLabelled} + ${training.batchUnlabelled}, ` +
        `learning rate ${optimiser.learningRate}, seed ${run.seed}`,
    ],
    ['queue', `pool ${run.pool}, priority ${run.priority}`],
    ['tags', run.tags.join(', ')],
    ['from', run.parent && `#${run.parent.number} (${run.parent.kind === 'RETRY' ? 'retried' : 'cloned'})`],
    ['copies', run.children.map(({ number }) => `#${number}`).join(', ')],
    ['archived', run.archivedAt],
    ['edited', run.edits[0] && `${run.edits[0].at} by ${run.edits[0].account.name}`],
    ['runner', run.runner?.name],
    ['setup', run.setup && setupWords(run.setup)],
    ['loss', run.setup && classWeightWords(run.setup, namesOf(run))],
    ['created', run.createdAt],
    ['started', run.startedAt],
    ['finished', run.finishedAt],
    ['id', run.id],
    ['page', url],
  ];
  return all.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

/** Why the run waits, its place in the queue, and what keeps each runner from claiming it. */
function waitingLines({ reason, ahead, estimate, runners }: NonNullable<Run['waiting']>): string[] {
  return [
    reason?.message ?? placeWords(ahead, estimate?.startsAt ?? null),
    ...runners.map((each) => runnerWords(each.runner.name, each.reason?.message ?? null)),
  ];
}

function namesOf({ dataset }: Run): string[] {
  return dataset.classes.map(({ name }) => name);
}

function networkWords({ backbone, stem, width }: OneNetworkConfig): string {
  return `${backbone}, stem ${stem}, width ${width}`;
}

function setupWords(setup: NonNullable<Run['setup']>): string {
  const { engine, device, labelledImages, unlabelledImages } = setup;
  return `${engine} on ${device}; ${labelledImages} labelled and ${unlabelledImages} unlabelled images; ${parameterWords(setup)}`;
}

function section(title: string, lines: string[]): string[] {
  return lines.length > 0 ? ['', title, ...lines.map((line) => `  ${line}`)] : [];
}

function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  return rows.length > 0 ? renderRows(columns, rows) : [];
}

const ATTEMPT_COLUMNS: readonly Column<Attempt>[] = [
  { title: 'attempt', of: ({ fence }) => String(fence), right: true },
  { title: 'state', of: ({ state }) => state },
  { title: 'runner', of: ({ runner }) => runner?.name ?? 'removed' },
  { title: 'started', of: ({ startedAt }) => startedAt },
  { title: 'took', of: ({ startedAt, finishedAt }) => timeBetween(startedAt, finishedAt ?? undefined), right: true },
  { title: 'message', of: ({ message }) => message ?? '' },
];

const ALARM_COLUMNS: readonly Column<Alarm>[] = [
  { title: 'step', of: ({ step }) => String(step), right: true },
  { title: 'over at', of: ({ overStep }) => (overStep === null ? 'active' : String(overStep)), right: true },
  { title: 'kind', of: ({ kind }) => kind },
  { title: 'network', of: ({ network }) => network ?? 'all' },
  { title: 'message', of: ({ message }) => message },
];

function scoreLines({ bestScores, lastScores, testScores }: Run): string[] {
  if (!lastScores) return [];
  const scored = ([bestScores, lastScores, testScores] as Scores[]).filter((one) => one !== null);
  const of = (value: (scores: NonNullable<Scores>) => number | null | undefined) =>
    scored.map((one) => share(value(one)));
  const rows = [
    ['mIoU', ...of((scores) => scores.meanIou)],
    ['pixel accuracy', ...of((scores) => scores.pixelAccuracy)],
    ...lastScores.classIous.map(({ name, classIndex }) => [name, ...of((scores) => scores.classIous[classIndex]?.iou)]),
  ];
  const title = (scores: NonNullable<Scores>) =>
    `${scores === bestScores ? 'best ' : 'last '}${scores.subset.toLowerCase()}, step ${scores.step}`;
  const columns = ['class', ...scored.map(title)].map(
    (text, column): Column<string[]> => ({ title: text, of: (row) => row[column]!, right: column > 0 }),
  );
  return renderRows(columns, rows);
}
