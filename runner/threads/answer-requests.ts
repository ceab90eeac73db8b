import { parentPort, workerData } from 'node:worker_threads';
import { type Answer, READY, type Request, type Requests } from './messages.js';

/** A thread that can be asked. */
export interface Opened<R extends Requests<R>, Ready> {
  /** What it answers unasked. */
  ready: Ready;
  perform: { [K in keyof R]: (...asked: Parameters<R[K]>) => ReturnType<R[K]> | Promise<ReturnType<R[K]>> };
  /** Memory of an answer that is handed over instead of copied. */
  transfer?: { [K in keyof R]?: (value: ReturnType<R[K]>) => ArrayBuffer[] };
}

/**
 * The inner side of a RequestThread: opens what the thread was started with and then answers each request. Requests do not
 * wait for each other.
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
