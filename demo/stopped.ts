export interface Stopped {
  yet: boolean;
  promise: Promise<void>;
}

/** Resolves at the first Ctrl-C or SIGTERM. */
export function signalled(): Stopped {
  const stopped: Stopped = { yet: false, promise: Promise.resolve() };
  stopped.promise = new Promise((wake) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        stopped.yet = true;
        wake();
      });
    }
  });
  return stopped;
}
