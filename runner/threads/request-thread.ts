import { Worker } from 'node:worker_threads';
import { type Answer, READY, type Request, type Requests } from './messages.js';

export interface RequestThreadOptions {
  /** What the thread is in messages, such as "the loader". */
  name: string;
  /** Called when the thread has failed or ended; possibly twice. */
  ended?(): void;
  /** What a request that failed in the thread rejects with; the thread's own error unless given. */
  failure?(cause: Error): Error;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A worker thread that answers requests, seen from outside. The thread itself calls `answerRequests`. */
export class RequestThread<R extends Requests<R>, Ready> {
  /** What the thread answers once it can be asked. */
  readonly ready: Promise<Ready>;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private asked = READY;
  /** Why the thread will answer no more. */
  private end: Error | null = null;

  /**
   * @param script the thread's compiled file
   * @param start what it is started with
   */
  constructor(
    script: string,
    start: unknown,
    private readonly options: RequestThreadOptions,
  ) {
    this.worker = new Worker(script, { workerData: start });
    this.ready = this.answerTo(READY) as Promise<Ready>;
    this.worker.on('message', (answer: Answer) => this.settle(answer));
    // 'error' and 'exit' may both come; the first one settles what waits, and says why nothing is answered any more.
    const thread = `${options.name}'s thread`;
    this.worker.on('error', (cause) => this.lose(new Error(`${thread} failed: ${cause.message}`, { cause })));
    this.worker.on('exit', (code) => this.lose(new Error(`${thread} ended with exit code ${code}`)));
  }

  /** How many requests have not been answered yet; a thread that is not ready has one. */
  get pending(): number {
    return this.waiting.size;
  }

  /** @throws Error with the cause when the request fails, or the thread has ended. */
  async ask<K extends keyof R>(name: K, ...asked: Parameters<R[K]>): Promise<ReturnType<R[K]>> {
    if (this.end) throw this.end;
    this.asked += 1;
    const answer = this.answerTo(this.asked);
    this.worker.postMessage({ id: this.asked, name, asked } satisfies Request);
    return answer as Promise<ReturnType<R[K]>>;
  }

  /** Ends the thread. What was asked of it rejects with `reason`, and with the exit code if there is none. */
  async stop(reason?: Error): Promise<void> {
    if (reason) this.lose(reason);
    await this.worker.terminate();
  }

  private answerTo(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
    });
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(this.failure(Object.assign(new Error(answer.error.message), answer.error)));
  }

  private failure(cause: Error): Error {
    return this.options.failure?.(cause) ?? cause;
  }

  private lose(cause: Error): void {
    this.options.ended?.();
    this.end ??= cause;
    for (const { reject } of this.waiting.values()) reject(this.end);
    this.waiting.clear();
  }
}
