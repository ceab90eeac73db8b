export interface Stopped {
  yet: boolean;
  promise: Promise<void>;
}

/** The user wants no more of it, which is no failure. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
  }
}

/**
 * Resolves at the first Ctrl-C or SIGTERM, or when nobody reads any more what is printed: a terminal that was closed, a pipe into
 * `head`. What follows changes nothing: stopping takes its time, and what was started would run on for ever if this program
 * ended before it.
 */
export function signalled(): Stopped {
  const stopped: Stopped = { yet: false, promise: Promise.resolve() };
  stopped.promise = new Promise((wake) => {
    const stop = () => {
      if (stopped.yet) return;
      stopped.yet = true;
      console.error('\nStopping …');
      wake();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    for (const output of [process.stdout, process.stderr]) output.on('error', stop);
  });
  return stopped;
}
