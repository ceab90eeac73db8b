// A training process that takes a moment per step, and whose only checkpoint has as many bytes as CHECKPOINT_BYTES says.
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MEBIBYTE = 1024 ** 2;
const say = (message) => new Promise((resolve) => process.send(message, resolve));

process.on('disconnect', () => process.exit(1));
process.on('message', async ({ type, job }) => {
  if (type === 'stop') return;
  const { iterations } = job.config.training;
  for (let step = 1; step <= iterations; step++) {
    if (step === 1) await say({ kind: 'checkpoint', record: { step, file: checkpoint(job.workDirectory) } });
    await say({ kind: 'points', record: { step, values: { loss: 1 / step }, at: new Date().toISOString() } });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const confusion = [1, 0, 0, 1];
  for (const subset of ['VAL', 'TEST']) {
    await say({ kind: 'evaluation', record: { step: iterations, network: 'BRANCH1', subset, confusion } });
  }
  await say({ kind: 'end', end: { outcome: 'completed' } });
  process.exit(0);
});

function checkpoint(folder) {
  const path = join(folder, 'checkpoint');
  const file = openSync(path, 'w');
  const piece = Buffer.alloc(MEBIBYTE);
  for (let left = Number(process.env.CHECKPOINT_BYTES); left > 0; left -= piece.length) {
    writeSync(file, randomFillSync(piece), 0, Math.min(left, piece.length));
  }
  closeSync(file);
  return path;
}
