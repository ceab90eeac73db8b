import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { heapLine, MEASURE } from './heap-line.js';

/**
 * Loaded into the server with `--import`, before its own code. At a signal, collects garbage and prints the size of the heap.
 * The server itself needs no door for this.
 */
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** Finalisers run between collections and free more. */
const COLLECTIONS = 4;

let measurements = 0;

process.on(MEASURE, async () => {
  for (let i = 0; i < COLLECTIONS; i++) {
    collectGarbage();
    await turn();
  }
  process.stdout.write(heapLine(process.memoryUsage(), ++measurements));
});
