export interface Stopped {
  yet: boolean;
  promise: Promise<void>;
}

/** The user has stopped the command, which is not a failure. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
  }
}

/** Waits for `work`, but only until the user stops it. @throws Interrupted */
export function unlessStopped<T>(stopped: Stopped, work: Promise<T>): Promise<T> {
  const interrupted = stopped.promise.then(() => {
    throw new Interrupted();
  });
  return Promise.race([work, interrupted]);
}

/**
 * Resolves at the first Ctrl-C or SIGTERM, or when nobody reads the output any more (the terminal was closed, or `head` has
 * enough). Later signals are ignored: stopping takes time, and if this process ended first, the programs that it started
 * would keep running forever.
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
