import type { Events } from '../events/events.js';
import type { Logger } from '../logger.js';
import type { PlacementsService } from '../runs/placements.service.js';

/**
 * Wakes the runners that are subscribed on this server, each only for queued runs that it may be able to claim. One query at a
 * time finds out which runners that are, for all the runs that were queued in the meantime.
 */
export class WakeUps {
  private readonly wakes = new Map<string, Set<() => void>>();
  private readonly queued = new Set<number>();
  private working = false;

  constructor(
    private readonly deps: {
      events: Events;
      placements: PlacementsService;
      logger: Logger;
    },
  ) {
    deps.events.on('run.queued', ({ placementIds }) => this.hear(placementIds));
  }

  /** Calls `wake` whenever a run is queued that fits the runner as it is then, until the returned function is called. */
  add(runnerId: string, wake: () => void): () => void {
    const ofRunner = this.wakes.get(runnerId) ?? new Set();
    this.wakes.set(runnerId, ofRunner.add(wake));
    return () => {
      if (ofRunner.delete(wake) && ofRunner.size === 0) this.wakes.delete(runnerId);
    };
  }

  private hear(placementIds: readonly number[]): void {
    if (this.wakes.size === 0) return;
    for (const id of placementIds) this.queued.add(id);
    if (!this.working) void this.work();
  }

  private async work(): Promise<void> {
    this.working = true;
    while (this.queued.size > 0) {
      const placementIds = [...this.queued];
      this.queued.clear();
      for (const runnerId of await this.fitting(placementIds)) {
        for (const wake of this.wakes.get(runnerId) ?? []) wake();
      }
    }
    this.working = false;
  }

  private async fitting(placementIds: readonly number[]): Promise<string[]> {
    const runnerIds = [...this.wakes.keys()];
    try {
      return await this.deps.placements.fittingRunners(placementIds, runnerIds);
    } catch (error) {
      const reason = (error as Error).message;
      this.deps.logger.warn(
        { reason },
        'the runners that fit newly queued runs could not be read; all of them are woken',
      );
      return runnerIds;
    }
  }
}
