import { parentPort, Worker, workerData } from 'node:worker_threads';

/** What a thread can be asked, by name: the arguments it is given, and what it answers. */
export type Requests<R> = { [K in keyof R]: (...asked: never[]) => unknown };

/** To the thread. */
interface Request {
  id: number;
  name: PropertyKey;
  asked: unknown[];
}

/** The id of the answer that a thread gives unasked, once it can be asked. */
const READY = 0;

/** From the thread: one when it is ready, and one for each request. */
type Answer =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: { name: string; message: string; stack?: string | undefined } };

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

/** A thread that can be asked. */
export interface Opened<R extends Requests<R>, Ready> {
  /** What it answers unasked. */
  ready: Ready;
  perform: { [K in keyof R]: (...asked: Parameters<R[K]>) => ReturnType<R[K]> | Promise<ReturnType<R[K]>> };
  /** Memory of an answer that is handed over instead of copied. */
  transfer?: { [K in keyof R]?: (value: ReturnType<R[K]>) => ArrayBuffer[] };
}

/**
 * The thread's own side of a RequestThread: opens what the thread was started with and then answers each request. Requests
 * do not wait for each other.
 *
 * @param failed called when opening or a request has failed, before that is answered
 */
export async function answerRequests<Start, R extends Requests<R>, Ready>(
  open: (start: Start) => Promise<Opened<R, Ready>>,
  failed?: (start: Start) => void,
): Promise<void> {
  const port = parentPort!;
  const start = workerData as Start;
  const answer = (message: Answer, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const fail = (id: number, thrown: unknown) => {
    failed?.(start);
    const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    answer({ id, ok: false, error: { name, message, stack } });
  };

  try {
    const { ready, perform, transfer } = await open(start);
    port.on('message', async ({ id, name, asked }: Request) => {
      try {
        const request = name as keyof R;
        const value = (await perform[request](...(asked as Parameters<R[keyof R]>))) as ReturnType<R[keyof R]>;
        answer({ id, ok: true, value }, transfer?.[request]?.(value));
      } catch (error) {
        fail(id, error);
      }
    });
    answer({ id: READY, ok: true, value: ready });
  } catch (error) {
    fail(READY, error);
  }
}
