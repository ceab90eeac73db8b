/** What a thread can be asked, by name: the arguments it is given, and what it answers. */
export type Requests<R> = { [K in keyof R]: (...asked: never[]) => unknown };

/** To the thread. */
export interface Request {
  id: number;
  name: PropertyKey;
  asked: unknown[];
}

/** The id of the answer that a thread gives unasked, once it can be asked. */
export const READY = 0;

/** From the thread: one when it is ready, and one for each request. */
export type Answer =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: { name: string; message: string; stack?: string | undefined } };
