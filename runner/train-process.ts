import { parseStoredConfig } from '../schema/stored-config.js';
import { openDataset } from './data/open.js';
import { diskFault } from './files/disk-fault.js';
import { startRunEngine } from './run-engine.js';
import type { EngineChoice } from './tracking/engine.js';
import type { FromTraining, ToTraining, TrainingEnd, TrainingJob } from './tracking/messages.js';
import { progressSender } from './tracking/progress-sender.js';
import { logTo, messageTracker, type StopRequest } from './tracking/tracker.js';
import type { RunEngine } from './training/branches/branches.js';
import { train } from './training/train.js';

/**
 * The process that trains one run. The agent forks it (serialization 'advanced') and sends it a job. It answers with
 * records and finishes with an 'end' message. If its parent disappears, nobody would receive the results, so it exits.
 */
if (!process.send) {
  process.stderr.write(
    'train-process is started by the runner; do not run it directly, use "npx crosscheck runner start"\n',
  );
  process.exit(2);
}

let stopRequest: StopRequest | null = null;
let started = false;
const tracker = messageTracker(send, () => stopRequest, progressSender(send));

process.on('disconnect', () => process.exit(1));
process.on('message', (message: ToTraining) => {
  if (message.type === 'stop') stopRequest = message.request;
  else if (!started) {
    started = true;
    void work(message.job).catch(failed).then(end);
  }
});
process.on('uncaughtException', (error) => end(failed(error)));
process.on('unhandledRejection', (error) => end(failed(error)));

async function work(job: TrainingJob): Promise<TrainingEnd> {
  const parsed = parseStoredConfig(job.config);
  if (!parsed.ok) {
    const problems = parsed.problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
    return { outcome: 'failed', reason: `the configuration is invalid: ${problems}` };
  }
  let engine: RunEngine;
  try {
    engine = await startRunEngine(job.engine as EngineChoice, job.engineOptions);
  } catch (error) {
    // The engine started when this runner was registered, so the machine must have changed.
    return ended('lost', error);
  }
  const { workDirectory, resumeFrom, allowed, checkedFolder: folder } = job;
  const checked = folder === null ? null : { folder, warn: (message: string) => logTo(tracker, 'WARN', message) };
  const dataset = await openDataset(job.source, { checked });
  const { name, fingerprint } = dataset.descriptor;
  if (fingerprint !== job.fingerprint) {
    const reason =
      `dataset "${name}" has changed since this runner announced it: its fingerprint was ${job.fingerprint} and is ` +
      `now ${fingerprint}; restore its files, or start the runner with the current files under another name ` +
      '(--data NAME=DIR) and queue runs for that name';
    return { outcome: 'unfit', reason };
  }
  const privately = (message: string): void => send({ kind: 'private', message });
  return train({ config: parsed.config, dataset, engine, tracker, workDirectory, resumeFrom, allowed, privately });
}

function send(message: FromTraining): void {
  // A failed write means that the parent has just disappeared: `disconnect` follows.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function failed(error: unknown): TrainingEnd {
  return ended('failed', error);
}

function ended(outcome: 'failed' | 'lost', error: unknown): TrainingEnd {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  logTo(tracker, 'ERROR', stack ?? message);
  const fault = diskFault(error);
  return fault ? { outcome: 'lost', reason: fault, disk: true } : { outcome, reason: message };
}

/** Sends the end and exits when the parent has received it. Messages arrive in order, so it has the others too. */
function end(outcome: TrainingEnd): void {
  if (!process.connected) process.exit(1);
  const message = { kind: 'end', end: outcome } satisfies FromTraining;
  process.send?.(message, undefined, undefined, (error) => process.exit(error ? 1 : 0));
}
