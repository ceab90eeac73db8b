import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FromTraining, ToTraining, TrainingEnd, TrainingJob } from '../../runner/tracking/messages.js';
import type { StopRequest } from '../../runner/tracking/tracker.js';
import type { RunConfig } from '../../schema/run-config.js';
import {
  checkpointOf,
  classCountsAt,
  evaluationsAt,
  isDue,
  LABELLED_IMAGES,
  logLine,
  pointsAt,
  readCheckpoint,
  type ScriptSettings,
  samplesAt,
} from './script.js';

/**
 * The process that an agent forks for each run, instead of runner/train-process.ts. It speaks the same protocol, but it
 * follows the script and computes nothing.
 */
const { stepMs, checkpointBytes } = JSON.parse(process.env.CHAOS_SCRIPT!) as ScriptSettings;
let stopRequest: StopRequest | null = null;

process.on('disconnect', () => process.exit(1));
process.on('message', (message: ToTraining) => {
  if (message.type === 'stop') stopRequest = message.request;
  else void train(message.job).catch(failed).then(end);
});

async function train({ config, workDirectory, resumeFrom }: TrainingJob): Promise<TrainingEnd> {
  const { training, seed } = config as RunConfig;
  const first = resumeFrom ? readCheckpoint(readFileSync(resumeFrom), seed) : 0;
  const device = 'none';
  const setup = {
    engine: 'cpu',
    device,
    splitHash: String(seed),
    labelledImages: LABELLED_IMAGES,
    unlabelledImages: 448,
    parameters: 1,
  };
  await report({ kind: 'setup', record: setup });
  for (let step = first + 1; step <= training.iterations; step++) {
    if (stopRequest === 'CANCEL') return { outcome: 'canceled' };
    if (stopRequest === 'DRAIN') {
      if (step - 1 > first) await writeCheckpoint(workDirectory, seed, step - 1);
      return { outcome: 'drained' };
    }
    await sleep(stepMs);
    await report({ kind: 'points', record: { step, values: pointsAt(seed, step), at: new Date().toISOString() } });
    if (isDue(step, training.logEvery)) await log(logLine(seed, step));
    if (step < training.iterations) await evaluate(seed, step, training);
    if (isDue(step, training.sampleEvery)) {
      for (const record of samplesAt(seed, step)) await report({ kind: 'sample', record });
    }
    if (isDue(step, training.checkpointEvery)) await writeCheckpoint(workDirectory, seed, step);
  }
  await evaluate(seed, training.iterations, training);
  return { outcome: 'completed' };
}

async function evaluate(seed: number, step: number, training: RunConfig['training']): Promise<void> {
  for (const record of evaluationsAt(seed, step, training)) await report({ kind: 'evaluation', record });
  for (const record of classCountsAt(seed, step, training)) await report({ kind: 'classCounts', record });
}

async function writeCheckpoint(folder: string, seed: number, step: number): Promise<void> {
  const file = join(folder, `checkpoint-${step}`);
  await writeFile(file, checkpointOf(seed, step, checkpointBytes));
  await report({ kind: 'checkpoint', record: { step, file } });
}

function log(message: string): Promise<void> {
  return report({ kind: 'log', record: { at: new Date().toISOString(), level: 'INFO', message } });
}

/** Resolves when the message is in the channel. */
function report(message: FromTraining): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}

/** A full disk is the machine's fault, everything else the run's. */
function failed(error: NodeJS.ErrnoException): TrainingEnd {
  return { outcome: error.code === 'ENOSPC' ? 'lost' : 'failed', reason: error.message };
}

async function end(ending: TrainingEnd): Promise<void> {
  await report({ kind: 'end', end: ending });
  process.exit(0);
}
