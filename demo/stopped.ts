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
 * Resolves at the first Ctrl-C or SIGTERM. Those that follow change nothing: stopping takes its time, and what was started would
 * run on for ever if this program ended before it.
 */
export function signalled(): Stopped {
  const stopped: Stopped = { yet: false, promise: Promise.resolve() };
  stopped.promise = new Promise((wake) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (!stopped.yet) console.error('\nStopping …');
        stopped.yet = true;
        wake();
      });
    }
  });
  return stopped;
}
