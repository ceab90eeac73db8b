import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { compiledFile } from '../../runner/compiled/compiled-file.js';

/** How long steps took from their report to the subscribers. Null if none arrived. */
export interface Arrivals {
  /** Steps that have not arrived, counted for each subscriber. */
  missing: number;
  medianMs: number | null;
  p95Ms: number | null;
  maxMs: number | null;
}

/** Subscribers to the points of a run, in a process of their own. */
export class Crowd {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when all have subscribed. Each uses a socket of its own, and they take turns with the servers. */
  static async gather(urls: readonly string[], runId: string, count: number): Promise<Crowd> {
    const program = compiledFile('./subscriber-process.js', import.meta.url);
    const child = fork(program, [urls.join(), runId, String(count)]);
    await Promise.race([once(child, 'message'), failed(child)]);
    return new Crowd(child);
  }

  /** How long these steps took to arrive, given when they were sent by `process.hrtime`, in milliseconds. */
  async arrivals(sent: readonly (readonly [step: number, atMs: number])[]): Promise<Arrivals> {
    this.child.send(sent);
    const [answer] = (await Promise.race([once(this.child, 'message'), failed(this.child)])) as [Arrivals];
    return answer;
  }

  async disperse(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}

async function failed(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`the process of subscribers ended with ${code}`);
}
