import { Worker } from 'node:worker_threads';
import { compiledFile } from '../../compiled/compiled-file.js';
import { leave } from './exchange.js';
import type { Answer, Request, WorkerStart } from './worker-messages.js';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A branch's worker thread, seen from outside: one request at a time. */
export class BranchThread {
  /** The network's number of parameters, once the thread can be asked. */
  readonly ready: Promise<number>;
  private readonly worker: Worker;
  private waiting: Waiting | null = null;
  /** Why the thread will answer no more. */
  private lost: Error | null = null;

  constructor(private readonly start: WorkerStart) {
    this.worker = new Worker(compiledFile('./worker.js', import.meta.url), { workerData: start });
    this.ready = this.nextAnswer();
    this.worker.on('message', (answer: Answer) => this.settle(answer));
    // 'error' and 'exit' may both come; the first one settles what waits, and says why nothing is answered any more.
    this.worker.on('error', (cause) => this.lose(cause));
    this.worker.on('exit', (code) => this.lose(new Error(`its thread ended with exit code ${code}`)));
  }

  /** @throws Error with the cause when the request fails, or the thread has ended. */
  async ask<T>(request: Request): Promise<T> {
    if (this.lost) throw this.lost;
    const answer = this.nextAnswer<T>();
    this.worker.postMessage(request);
    return answer;
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private nextAnswer<T>(): Promise<T> {
    if (this.waiting) throw new Error(`branch ${this.start.branch} was asked again before it answered`);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve: resolve as (value: unknown) => void, reject };
    });
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting;
    this.waiting = null;
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(this.failure(Object.assign(new Error(answer.error.message), answer.error)));
  }

  /** A thread that was ended (out of memory, say) cannot say that it left: this does. */
  private lose(cause: Error): void {
    leave(this.start.exchange, this.start.branch);
    this.lost ??= this.failure(cause);
    const waiting = this.waiting;
    this.waiting = null;
    waiting?.reject(this.lost);
  }

  private failure(cause: Error): Error {
    return new Error(`branch ${this.start.branch}: ${cause.message}`, { cause });
  }
}
