import type { Answer } from '../transports/answer.js';
import { FaultList, type Reproduction } from './fault-list.js';
import { type Fault, shortened } from './faults.js';
import type { LoggedError } from './server-log.js';

interface Finding {
  fault: Fault;
  reproduction: Reproduction | null;
  /** The id of the error in the server's log, which the answer shows. */
  logId: string | null;
}

/** Faults as they are found. Their causes are in the server's log, which is only complete at the end. */
export class Findings {
  private readonly found: Finding[] = [];

  add(fault: Fault, reproduction: Reproduction | null, answer: Answer | null = null): void {
    const ids = answer?.graphql?.errors?.map(({ extensions }) => extensions?.id) ?? [];
    const logId = ids.find((id) => typeof id === 'string') ?? null;
    this.found.push({ fault, reproduction, logId: logId as string | null });
  }

  /** All faults, with their causes. An error in the log that no answer names is a fault of its own. */
  listed(logged: readonly LoggedError[]): FaultList {
    const list = new FaultList();
    const byId = new Map(logged.map((error) => [error.id, error]));
    const named = new Set(this.found.map(({ logId }) => logId));
    for (const { fault, reproduction, logId } of this.found) {
      list.add(fault, reproduction, fault.kind === 'masked internal error' ? byId.get(logId) : null);
    }
    for (const error of logged) {
      if (error.id !== null && named.has(error.id)) continue;
      list.add({ kind: 'error in the log', what: error.line }, null, error);
    }
    return list;
  }
}

/** What people need to see the answer again. */
export function shownAnswer({ status, closed, failure, text, milliseconds }: Answer): string {
  const how = [status !== null && `status ${status}`, closed !== null && `closed with ${closed}`, failure];
  return `${how.filter(Boolean).join(', ')} in ${Math.round(milliseconds)} ms ${shortened(text, 300)}`.trim();
}
