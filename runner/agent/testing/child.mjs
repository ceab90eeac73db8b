// A training process for tests. It does what the job's configuration says, over the same channel as the real one.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

let request = null;
const say = (message) => new Promise((resolve) => process.send(message, resolve));
const end = async (end) => {
  await say({ kind: 'end', end });
  process.exit(0);
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

process.on('disconnect', () => process.exit(1));
process.on('message', async (message) => {
  if (message.type === 'stop') request = message.request;
  else await train(message.job);
});

async function train({ config, fingerprint, engineOptions, workDirectory, resumeFrom }) {
  if (config.pidFile) writeFileSync(config.pidFile, String(process.pid));
  if (config.print) console.error(config.print);
  if (config.dieBy) return process.kill(process.pid, config.dieBy);
  if (config.exitCode !== undefined) process.exit(config.exitCode);
  if (config.refuseDataset) return end({ outcome: 'unfit', reason: `no dataset ${fingerprint}` });
  for (const message of config.messages ?? []) await say(message);
  if (config.deaf) {
    await say({ kind: 'points', record: { step: 1, values: { loss: 1 }, at: new Date().toISOString() } });
    return;
  }
  const first = resumeFrom ? Number(resumeFrom.split('-').at(-1)) + 1 : 1;
  for (let step = first; step <= config.steps; step++) {
    if (request === 'CANCEL') return end({ outcome: 'canceled' });
    if (request === 'DRAIN' || step === config.checkpointAt || step % config.checkpointEvery === 0) {
      const file = join(workDirectory, `checkpoint-${step}`);
      writeFileSync(file, Buffer.alloc(config.checkpointBytes ?? 1, step));
      await say({ kind: 'checkpoint', record: { step, file } });
    }
    if (request === 'DRAIN') return end({ outcome: 'drained' });
    if (step === config.hangAt) {
      await say({ kind: 'progress', phase: 'step', step });
      process.kill(process.pid, 'SIGSTOP');
    }
    const values = { loss: step === config.nanAt ? Number.NaN : 1 / step, adapter: Number(engineOptions.adapter) };
    await say({ kind: 'points', record: { step, values, at: new Date().toISOString() } });
    if (config.sampleBytes) {
      const png = new Uint8Array(config.sampleBytes).fill(step);
      await say({ kind: 'sample', record: { step, imageId: 'a', width: 1, height: 1, kind: 'BRANCH1', png } });
    }
    if (config.stepMs) await pause(config.stepMs);
    while (step === config.waitAt && !existsSync(config.waitFor)) await pause(5);
  }
  if (config.repeatReason) config.reason = 'r'.repeat(config.repeatReason);
  if (config.lostToDisk) return end({ outcome: 'lost', reason: config.lostToDisk, disk: true });
  if (config.lost) return end({ outcome: 'lost', reason: config.lost });
  return end(config.reason ? { outcome: 'failed', reason: config.reason } : { outcome: 'completed' });
}
