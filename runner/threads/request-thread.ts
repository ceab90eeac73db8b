import { parentPort, Worker, workerData } from 'node:worker_threads';

/** The requests that a thread accepts: the arguments and the answer of each, by name. */
export type Requests<R> = { [K in keyof R]: (...asked: never[]) => unknown };

/** To the thread. */
interface Request {
  id: number;
  name: PropertyKey;
  asked: unknown[];
}

/** The id of the answer that a thread sends when it is ready for requests. */
const READY = 0;

/** From the thread: one answer when it is ready, and one per request. */
type Answer =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: { name: string; message: string; stack?: string | undefined } };

export interface RequestThreadOptions {
  /** The thread's name in error messages, such as "the loader". */
  name: string;
  /** Called when the thread has failed or ended. It may be called twice. */
  ended?(): void;
  /** Converts the error of a failed request. By default, the request rejects with the error from the thread. */
  failure?(cause: Error): Error;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The caller's side of a worker thread that answers requests. The thread itself calls `answerRequests`. */
export class RequestThread<R extends Requests<R>, Ready> {
  /** The thread's first answer, sent when it is ready for requests. */
  readonly ready: Promise<Ready>;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private asked = READY;
  /** Why the thread no longer answers; null while it does. */
  private end: Error | null = null;

  /**
   * @param script the compiled file of the thread
   * @param start the data that the thread starts with
   */
  constructor(
    script: string,
    start: unknown,
    private readonly options: RequestThreadOptions,
  ) {
    this.worker = new Worker(script, { workerData: start });
    this.ready = this.answerTo(READY) as Promise<Ready>;
    this.worker.on('message', (answer: Answer) => this.settle(answer));
    // 'error' and 'exit' may both occur. The first one rejects all waiting requests, and later ones too.
    const thread = `${options.name}'s thread`;
    this.worker.on('error', (cause) => this.lose(new Error(`${thread} failed: ${cause.message}`, { cause })));
    this.worker.on('exit', (code) => this.lose(new Error(`${thread} ended with exit code ${code}`)));
  }

  /** The number of unanswered requests. A thread that is not ready has one. */
  get pending(): number {
    return this.waiting.size;
  }

  /** Whether the thread no longer answers. */
  get hasEnded(): boolean {
    return this.end !== null;
  }

  /** @throws Error when the request fails or the thread has ended. */
  async ask<K extends keyof R>(name: K, ...asked: Parameters<R[K]>): Promise<ReturnType<R[K]>> {
    if (this.end) throw this.end;
    this.asked += 1;
    const answer = this.answerTo(this.asked);
    this.worker.postMessage({ id: this.asked, name, asked } satisfies Request);
    return answer as Promise<ReturnType<R[K]>>;
  }

  /** Lets the process exit while the thread is waiting for requests. */
  unref(): void {
    this.worker.unref();
  }

  /** Undoes `unref`. */
  ref(): void {
    this.worker.ref();
  }

  /** Ends the thread. Pending requests reject with `reason` or, without one, with an error that has the exit code. */
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

/** A thread that is ready for requests. */
export interface Opened<R extends Requests<R>, Ready> {
  /** The first answer, which says that it is ready. */
  ready: Ready;
  perform: { [K in keyof R]: (...asked: Parameters<R[K]>) => ReturnType<R[K]> | Promise<ReturnType<R[K]>> };
  /** The buffers of an answer that are transferred instead of copied. */
  transfer?: { [K in keyof R]?: (value: ReturnType<R[K]>) => ArrayBuffer[] };
}

/**
 * The thread's side of a RequestThread. Opens the thread's data and then answers each request. Requests do not wait for
 * each other.
 *
 * @param failed called when opening or a request has failed, before the error is sent
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
