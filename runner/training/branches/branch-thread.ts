import { RequestThread } from '../../threads/request-thread.js';
import type { BranchRequests, BranchStart } from './branch-requests.js';
import { leave } from './exchange.js';

/** A branch's worker thread, seen from outside: one request at a time. */
export class BranchThread extends RequestThread<BranchRequests, number> {
  private readonly name: string;

  /** @param script the compiled file of a thread that calls `answerForBranch` */
  constructor(script: string, start: BranchStart) {
    const name = `branch ${start.branch}`;
    super(script, start, {
      name,
      failure: (cause) => new Error(`${name}: ${cause.message}`, { cause }),
      // A thread that was ended (out of memory, say) cannot say that it left: this does.
      ended: () => leave(start.exchange, start.branch),
    });
    this.name = name;
  }

  override async ask<K extends keyof BranchRequests>(
    request: K,
    ...asked: Parameters<BranchRequests[K]>
  ): Promise<ReturnType<BranchRequests[K]>> {
    if (this.pending > 0) throw new Error(`${this.name} was asked again before it answered`);
    return super.ask(request, ...asked);
  }
}
