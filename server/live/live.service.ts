import type { Alarm } from '../alarms/alarm.entity.js';
import type { AlarmsService } from '../alarms/alarms.service.js';
import type { Events } from '../events/events.js';
import { notFound } from '../graphql/errors.js';
import { checkFilterId } from '../graphql/ids.js';
import type { Logger } from '../logger.js';
import type { Runner } from '../runners/runner.entity.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { Run } from '../runs/run.entity.js';
import type { RunsService } from '../runs/runs.service.js';
import { coalesce, type Sink } from './coalesce.js';
import type { WakeUps } from './wake-ups.js';

/** Five times per second. Redrawing a page more often has no benefit. */
const INTERVAL_MS = 200;
/** How many runs to send again after events may have been missed. Older ones are rarely on a page. */
const RESYNC_RUNS = 100;

/** Serves subscriptions. Events only say what has changed. The state is read when it is sent, so it is never stale. */
export class LiveService {
  constructor(
    private readonly deps: {
      events: Events;
      runs: RunsService;
      runners: RunnersService;
      alarms: AlarmsService;
      wakeUps: WakeUps;
      logger: Logger;
    },
  ) {}

  /** The run as it is now, and whenever it changes, until it is deleted. @throws NOT_FOUND */
  async run(runId: string): Promise<AsyncIterableIterator<Run>> {
    if (!(await this.deps.runs.byId(runId))) throw notFound('run', runId);
    const ids = this.listen<string>(
      ({ emit, end }) => [
        this.deps.events.on('run.changed', (event) => event.runId === runId && emit(runId)),
        this.deps.events.on('run.deleted', (event) => event.runId === runId && end()),
        this.deps.events.on('resync', () => emit(runId)),
      ],
      [runId],
    );
    return refetched(ids, (id) => this.deps.runs.byId(id));
  }

  /** Every run that changes, in one study or in all. */
  runs(studyId: string | null): AsyncIterableIterator<Run> {
    checkFilterId('studyId', studyId);
    const ids = this.listen<string>(({ emit }) => [
      this.deps.events.on(
        'run.changed',
        (event) => (studyId === null || event.studyId === studyId) && emit(event.runId),
      ),
      this.deps.events.on('resync', () => this.afterResync(this.recentRuns(studyId), emit)),
    ]);
    return refetched(ids, (id) => this.deps.runs.byId(id));
  }

  deletedRuns(): AsyncIterableIterator<string> {
    return this.listen<string>(({ emit }) => [this.deps.events.on('run.deleted', ({ runId }) => emit(runId))]);
  }

  /** Every alarm from now on. Alarms raised while the database connection is lost are not sent; they are in `Run.alarms`. */
  alarms(studyId: string | null): AsyncIterableIterator<Alarm> {
    checkFilterId('studyId', studyId);
    const ids = this.listen<string>(({ emit }) => [
      this.deps.events.on(
        'alarms.raised',
        (event) => (studyId === null || event.studyId === studyId) && event.alarmIds.forEach(emit),
      ),
    ]);
    return refetched(ids, (id) => this.deps.alarms.byId(id));
  }

  runners(): AsyncIterableIterator<Runner> {
    const everyRunner = async () => (await this.deps.runners.all()).map(({ id }) => id);
    const ids = this.listen<string>(({ emit }) => [
      this.deps.events.on('runner.changed', ({ runnerId }) => emit(runnerId)),
      this.deps.events.on('resync', () => this.afterResync(everyRunner(), emit)),
    ]);
    return refetched(ids, (id) => this.deps.runners.byId(id));
  }

  /**
   * True whenever a run may be waiting in the queue.
   * @param runnerId sends only what concerns this runner; null sends everything
   */
  queued(runnerId: string | null): AsyncIterableIterator<boolean> {
    const { events, wakeUps } = this.deps;
    return this.listen<boolean>(({ emit }) => [
      events.on('resync', () => emit(true)),
      ...(runnerId === null
        ? [events.on('run.queued', () => emit(true))]
        : [
            wakeUps.add(runnerId, () => emit(true)),
            events.on('runner.slots', (event) => event.runnerId === runnerId && emit(true)),
          ]),
    ]);
  }

  private listen<Key>(attach: (sink: Sink<Key>) => (() => void)[], first: Key[] = []): AsyncIterableIterator<Key> {
    return coalesce<Key>(INTERVAL_MS, (sink) => {
      const stops = attach(sink);
      first.forEach(sink.emit);
      return () => {
        for (const stop of stops) stop();
      };
    });
  }

  private async recentRuns(studyId: string | null): Promise<string[]> {
    const { edges } = await this.deps.runs.page({ filter: { studyId }, first: RESYNC_RUNS });
    return edges.map(({ node }) => node.id);
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

/** The current row of each key. Skips keys whose row was deleted. */
function refetched<Row>(
  keys: AsyncIterableIterator<string>,
  fetch: (key: string) => Promise<Row | null>,
): AsyncIterableIterator<Row> {
  return {
    async next() {
      for (;;) {
        const key = await keys.next();
        if (key.done) return { done: true, value: undefined };
        const row = await fetch(key.value);
        if (row) return { done: false, value: row };
      }
    },
    async return() {
      await keys.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
