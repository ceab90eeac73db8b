/**
 * Preloaded where specs use Dawn. While Dawn waits for the GPU, it looks for results in a loop of setImmediate, which keeps a
 * core busy. A software GPU computes on the same cores, so here it looks about once per millisecond.
 */
globalThis.setImmediate = (callback, ...values) => setTimeout(callback, 1, ...values);
