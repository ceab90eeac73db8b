import type { Transaction } from '../database/transaction.js';
import type { Events } from '../events/events.js';
import type { PlacementsRepository } from './placements.repository.js';

/** An event may have 8,000 bytes. */
const IDS_PER_EVENT = 500;
/** How old a placement without queued runs is when it is deleted. It is created again with the next run that needs it. */
const KEPT_DAYS = 1;

/** Where runs wait: which runners may be able to train them. The claim itself is in server/attempts. */
export class PlacementsService {
  constructor(
    private readonly deps: {
      events: Events;
      repository: PlacementsRepository;
    },
  ) {}

  /** Tells the runners that fit, when the transaction commits, that these runs have been queued. */
  async announce(transaction: Transaction, runIds: readonly string[]): Promise<void> {
    const ids = await this.deps.repository.ofRuns(transaction, runIds);
    for (let first = 0; first < ids.length; first += IDS_PER_EVENT) {
      const placementIds = ids.slice(first, first + IDS_PER_EVENT);
      await this.deps.events.publish(transaction, 'run.queued', { placementIds });
    }
  }

  /** Those of the runners that may claim a run from one of the placements. */
  fittingRunners(placementIds: readonly number[], runnerIds: readonly string[]): Promise<string[]> {
    return this.deps.repository.fittingRunners(placementIds, runnerIds);
  }

  /** Deletes placements that have been without queued runs. Otherwise, their number would grow with every new demand. */
  deleteUnused(): Promise<void> {
    return this.deps.repository.deleteUnused(KEPT_DAYS);
  }
}
