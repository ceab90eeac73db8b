import { uploadSlowly } from './slow-upload.js';

/**
 * Sends a checkpoint of the given size over 1 MB/s to two real servers in turn, with a real agent and a line that breaks ten
 * times. Prints one JSON line; the exit code is 1 if the run is not COMPLETED, the checkpoint is not stored, or it took more than
 * 1.1 times as long as its bytes need. `npm run bench:upload -- [megabytes]`
 */
const BYTES_PER_SECOND = 1_000_000;
const ALLOWED = 1.1;

const megabytes = Number(process.argv[2] ?? 500);
if (!(megabytes >= 1)) throw new Error(`the number of megabytes must be at least 1; got ${process.argv[2]}`);
const bytes = Math.round(megabytes * 1e6);
const cuts = 10;
const log = (line: string): void => console.error(line);
const { state, seconds, sentBytes, lateSeconds, stored } = await uploadSlowly({
  bytes,
  bytesPerSecond: BYTES_PER_SECOND,
  cuts,
  log,
});
const result = {
  bench: 'upload',
  megabytes,
  cuts,
  state,
  isStored: stored?.bytes === bytes,
  seconds: Math.round(seconds * 10) / 10,
  timeRatio: Math.round((1000 * seconds * BYTES_PER_SECOND) / bytes) / 1000,
  bytesRatio: Math.round((1000 * sentBytes) / bytes) / 1000,
  lateSeconds: Math.round(lateSeconds * 10) / 10,
  allowed: ALLOWED,
};
console.log(JSON.stringify(result));
if (state !== 'COMPLETED' || !result.isStored || result.timeRatio > ALLOWED) process.exitCode = 1;
process.exit();
