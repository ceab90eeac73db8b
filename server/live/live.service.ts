import type { Alarm } from '../alarms/alarm.entity.js';
import type { AlarmsService } from '../alarms/alarms.service.js';
import type { Events } from '../events/events.js';
import { notFound } from '../graphql/errors.js';
import { checkFilterId } from '../graphql/ids.js';
import type { Logger } from '../logger.js';
import type { Runner } from '../runners/runner.entity.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { RunConditions, RunFilters } from '../runs/filter/run-filters.js';
import type { Run } from '../runs/run.entity.js';
import type { RunsService } from '../runs/runs.service.js';
import type { StudiesService } from '../studies/studies.service.js';
import type { Study } from '../studies/study.entity.js';
import { KeyedSource, type Sink } from './sharing/keyed-source.js';
import { LiveStream } from './sharing/live-stream.js';
import { onlyNew } from './sharing/source.js';
import type { WakeUps } from './wake-ups.js';

/** How many runs to send again after events may have been missed. Older ones are rarely on a page. */
const RESYNC_RUNS = 100;
/** What is told without a row. */
const QUEUED = 'queued';

/**
 * Serves the subscriptions to states. Events only say what has changed. The state is read when it is sent, so it is never stale, and
 * the latest always arrives.
 */
export class LiveService {
  constructor(
    private readonly deps: {
      events: Events;
      runs: RunsService;
      runFilters: RunFilters;
      studies: StudiesService;
      runners: RunnersService;
      alarms: AlarmsService;
      wakeUps: WakeUps;
      logger: Logger;
    },
  ) {}

  /** The run as it is now, and whenever it changes, until it is deleted. @throws NOT_FOUND */
  async run(runId: string): Promise<LiveStream<Run>> {
    const { events, runs } = this.deps;
    const run = await runs.byId(runId);
    if (!run) throw notFound('run', runId);
    const { id } = run;
    return this.state(
      ({ emit, end }) => [
        events.on('run.changed', (event) => event.runId === id && emit(id)),
        events.on('run.deleted', (event) => event.runId === id && end()),
        events.on('resync', () => emit(id)),
      ],
      () => runs.byId(id),
    );
  }

  /** The study as it is now, and whenever it or one of its runs changes, until it is deleted. @throws NOT_FOUND */
  async study(studyId: string): Promise<LiveStream<Study>> {
    const { events, studies } = this.deps;
    const study = await studies.byId(studyId);
    if (!study) throw notFound('study', studyId);
    const { id } = study;
    return this.state(
      ({ emit }) => [
        events.on('study.changed', (event) => event.studyId === id && emit(id)),
        events.on('run.changed', (event) => event.studyId === id && emit(id)),
        events.on('run.deleted', (event) => event.studyId === id && emit(id)),
        events.on('resync', () => emit(id)),
      ],
      () => studies.byId(id),
    );
  }

  /** Every run that changes and then meets the conditions, in one study or in all. @throws BAD_USER_INPUT */
  async runs(studyId: string | null, conditions: RunConditions): Promise<LiveStream<Run>> {
    checkFilterId('studyId', studyId);
    const { events, runs } = this.deps;
    const condition = await this.deps.runFilters.condition(conditions);
    const isWanted = (event: { studyId: string | null }) => studyId === null || event.studyId === studyId;
    const source = new KeyedSource<Run>(
      ({ emit }) => [
        events.on('run.changed', (event) => isWanted(event) && emit(event.runId)),
        events.on('resync', () => this.afterResync(runs.newestIds(studyId, RESYNC_RUNS), emit)),
      ],
      (ids) => runs.byIds(ids, condition),
    );
    return new LiveStream(source, onlyNew);
  }

  deletedRuns(): LiveStream<string> {
    const source = new KeyedSource<string>(
      ({ emit }) => [this.deps.events.on('run.deleted', ({ runId }) => emit(runId))],
      async (ids) => [...ids],
    );
    return new LiveStream(source, onlyNew);
  }

  /** Every alarm from now on. Alarms raised while the database connection is lost are not sent; they are in `Run.alarms`. */
  alarms(studyId: string | null): LiveStream<Alarm> {
    checkFilterId('studyId', studyId);
    const isWanted = (event: { studyId: string | null }) => studyId === null || event.studyId === studyId;
    const source = new KeyedSource<Alarm>(
      ({ emit }) => [this.deps.events.on('alarms.raised', (event) => isWanted(event) && event.alarmIds.forEach(emit))],
      (ids) => this.deps.alarms.byIds(ids),
    );
    return new LiveStream(source, onlyNew);
  }

  runners(): LiveStream<Runner> {
    const { events, runners } = this.deps;
    const everyRunner = async () => (await runners.all()).map(({ id }) => id);
    const source = new KeyedSource<Runner>(
      ({ emit }) => [
        events.on('runner.changed', ({ runnerId }) => emit(runnerId)),
        events.on('resync', () => this.afterResync(everyRunner(), emit)),
      ],
      (ids) => runners.byIds(ids),
    );
    return new LiveStream(source, onlyNew);
  }

  /**
   * True whenever a run may be waiting in the queue.
   * @param runnerId sends only what concerns this runner; null sends everything
   */
  queued(runnerId: string | null): LiveStream<boolean> {
    const { events, wakeUps } = this.deps;
    const source = new KeyedSource<boolean>(
      ({ emit }) => [
        events.on('resync', () => emit(QUEUED)),
        ...(runnerId === null
          ? [events.on('run.queued', () => emit(QUEUED))]
          : [
              wakeUps.add(runnerId, () => emit(QUEUED)),
              events.on('runner.slots', (event) => event.runnerId === runnerId && emit(QUEUED)),
            ]),
      ],
      async (keys) => keys.map(() => true),
    );
    return new LiveStream(source, onlyNew);
  }

  /** One row as it is now, and each time it changes. */
  private state<Row>(attach: (sink: Sink) => (() => void)[], fetch: () => Promise<Row | null>): LiveStream<Row> {
    let end = () => {};
    // The event of a deletion may have been missed.
    const current = async () => {
      const row = await fetch();
      if (row === null) end();
      return row;
    };
    const source = new KeyedSource<Row>(
      (sink) => {
        end = sink.end;
        return attach(sink);
      },
      (keys) => Promise.all(keys.map(current)),
    );
    return new LiveStream(source, async (position) => {
      const row = await current();
      return { contents: row === null ? [] : [row], position };
    });
  }

  private afterResync(ids: Promise<string[]>, emit: (id: string) => void): void {
    ids.then(
      (all) => all.forEach(emit),
      (error: Error) =>
        this.deps.logger.warn(
          { reason: error.message },
          'subscribers could not be updated after the event connection was restored',
        ),
    );
  }
}
