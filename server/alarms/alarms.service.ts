import type { Problem } from '../../schema/problems/problem.js';
import { MOST_CHARACTERS } from '../../schema/report-limits.js';
import { type Context, inOrder, listsInOrder } from '../context.js';
import { lastOfEach } from '../database/batches.js';
import type { ChangeRange } from '../database/changes.js';
import type { Transaction } from '../database/transaction.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { Events } from '../events/events.js';
import { invalid } from '../graphql/errors.js';
import { inputMistake } from '../graphql/reasons/problems.js';
import { storableText } from '../graphql/texts.js';
import type { Run } from '../runs/run.entity.js';
import type { Alarm } from './alarm.entity.js';
import type { AlarmEndInput, AlarmInput } from './alarms.inputs.js';
import type { AlarmChoice, AlarmsRepository, ChangePlace } from './alarms.repository.js';

/** An event may have 8,000 bytes. */
const IDS_PER_EVENT = 100;
/** How many alarms, and ids of deleted ones, are sent at a time to those who follow a run. */
const ALARMS_AT_ONCE = 1000;

export class AlarmsService {
  constructor(
    private readonly deps: {
      repository: AlarmsRepository;
      datasets: DatasetsService;
      events: Events;
    },
  ) {}

  /** In the order of the ids; null for those that were deleted. */
  async byIds(ids: readonly string[]): Promise<(Alarm | null)[]> {
    return inOrder(ids, await this.deps.repository.byIds(ids), ({ id }) => id);
  }

  /** The number of the newest alarm of all runs; 0 if there was none. An alarm that commits later has a higher number. */
  newestNumber(): Promise<number> {
    return this.deps.repository.newestNumber();
  }

  /** The alarms that were raised after the number `from`, up to `upTo`, which is at most `to`: of one study, or of all runs. */
  async raised(from: number, to: number, studyId: string | null): Promise<{ alarms: Alarm[]; upTo: number }> {
    const alarms = await this.deps.repository.raised(from, to, studyId, ALARMS_AT_ONCE);
    return { alarms, upTo: alarms.length < ALARMS_AT_ONCE ? to : alarms.at(-1)!.number };
  }

  /**
   * Stores alarms within the caller's transaction, and notifies subscribers of the new ones. If an alarm occurs twice, its
   * last message counts. An active alarm that is raised again was over at that step at the latest: older runners do not say when.
   * @throws BAD_USER_INPUT for a negative step or a class that the dataset does not have; then nothing is stored
   */
  async record(
    transaction: Transaction,
    run: Pick<Run, 'id' | 'datasetId' | 'studyId'>,
    change: number,
    inputs: readonly AlarmInput[],
  ): Promise<void> {
    const { classes } = await this.deps.datasets.byId(transaction, run.datasetId);
    for (const input of inputs) {
      const problems = problemsOf(input, classes.length);
      if (problems.length > 0) throw invalid(`alarm ${input.kind} at step ${input.step}`, problems);
    }
    const storable = inputs.map((input) => ({ ...input, message: storableText(input.message, MOST_CHARACTERS.alarm) }));
    const alarms = lastOfEach(storable, ({ step, kind, network, classIndex, message }) =>
      [step, kind, network ?? '', classIndex ?? '', kind === 'DATA' ? message : ''].join(),
    );
    const raised = await this.deps.repository.upsert(transaction, { runId: run.id, change }, alarms);
    await this.deps.repository.endRaisedAgain(transaction, { runId: run.id, change });
    if (raised.length === 0) return;
    const number = await this.deps.repository.number(transaction, raised);
    for (let first = 0; first < raised.length; first += IDS_PER_EVENT) {
      const alarmIds = raised.slice(first, first + IDS_PER_EVENT);
      const { id: runId, studyId } = run;
      await this.deps.events.publish(transaction, 'alarms.raised', { alarmIds, number, runId, studyId });
    }
  }

  /**
   * Ends alarms within the caller's transaction, also those that the same report has raised. An end changes nothing if there is
   * no active alarm that it could end.
   * @throws BAD_USER_INPUT for a negative step, a class that the dataset does not have, or the kind DATA; then nothing is stored
   */
  async end(
    transaction: Transaction,
    run: Pick<Run, 'id' | 'datasetId'>,
    change: number,
    inputs: readonly AlarmEndInput[],
  ): Promise<void> {
    const { classes } = await this.deps.datasets.byId(transaction, run.datasetId);
    for (const input of inputs) {
      const problems = problemsOf(input, classes.length);
      if (input.kind === 'DATA') problems.push({ field: 'kind', ...inputMistake('ALARM_WITHOUT_END', {}) });
      if (problems.length > 0) throw invalid(`end of the alarm ${input.kind} at step ${input.step}`, problems);
    }
    await this.deps.repository.end(transaction, { runId: run.id, change }, inputs);
  }

  /**
   * Deletes, within the caller's transaction, the alarms of steps after `step` (-1: all of them), and makes those active again
   * that were over after it. Call it when a run resumes at `step`: training may take a different course from there and never
   * raise or end them again. STALLED stays, because it happened, and is over.
   */
  async takeBack(transaction: Transaction, place: ChangePlace, step: number): Promise<void> {
    await this.deps.repository.takeBack(transaction, place, step);
  }

  /**
   * The alarms that were last written by the changes after `from`, up to `upTo`, which is at most `to`, and the ids of those that these
   * deleted.
   */
  async changed({ runId, from, to }: ChangeRange): Promise<{ alarms: Alarm[]; retracted: string[]; upTo: number }> {
    const { repository } = this.deps;
    const upTo = await repository.endOfPage({ runId, from, to }, ALARMS_AT_ONCE);
    // In this order: an alarm that is deleted in between is in neither, and the change that deletes it comes later.
    const alarms = await repository.changed(runId, from, upTo);
    return { alarms, retracted: await repository.retracted(runId, from, upTo), upTo };
  }

  /** Oldest first; by default all. Batched: one query reads the alarms of many runs. */
  async ofRun(
    context: Context,
    runId: string,
    { kind = null, active = false }: Partial<AlarmChoice> = {},
  ): Promise<Alarm[]> {
    const loader = context.loaders.of<Alarm[]>(`alarms ${kind} ${active}`, async (ids) => {
      const alarms = await context.budget.rows((limit) => this.deps.repository.ofRuns(ids, limit, { kind, active }));
      return listsInOrder(ids, alarms, ({ runId }) => runId);
    });
    return (await loader.load(runId))!;
  }
}

function problemsOf({ step, classIndex }: AlarmEndInput, classes: number): Problem[] {
  const problems: Problem[] = [];
  if (step < 0) problems.push({ field: 'step', ...inputMistake('AT_LEAST', { min: 0, value: step }) });
  if (typeof classIndex === 'number' && (classIndex < 0 || classIndex >= classes)) {
    problems.push({
      field: 'classIndex',
      ...inputMistake('CLASS_INDEX', { max: classes - 1, value: classIndex }),
    });
  }
  return problems;
}
