import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { diskFault } from '../files/disk-fault.js';
import { causeOf, isDeviceLost } from '../operations/read-back.js';
import type { TrainingEnd } from '../tracking/messages.js';
import { type AlarmRecord, logTo, reportPoints, type Tracker } from '../tracking/tracker.js';
import { imageCount } from './batches.js';
import { namedLosses } from './meters.js';
import { ratesAt, restartOf } from './schedule.js';
import { type PreparedRun, prepareRun, type TrainOptions } from './setup.js';

/**
 * Trains a run to its end and reports to the tracker: points (for their names, see `Meters`), evaluations, pseudo-labels
 * and alarms (see `Watch`), samples, checkpoints and, at the end, a review of training images.
 * Never throws. Logs the stack of an error, and returns its message as the reason: `lost` if the GPU was lost or the disk
 * failed, otherwise `failed`.
 */
export async function train(options: TrainOptions): Promise<TrainingEnd> {
  let run: PreparedRun | null = null;
  try {
    run = await prepareRun(options);
    options.dataset.forgetCounts();
    return await loop(options, run);
  } catch (error) {
    const cause = await causeOf(error);
    const { message, stack } = cause;
    logTo(options.tracker, 'ERROR', stack ?? message);
    const fault = diskFault(cause);
    if (fault) return { outcome: 'lost', reason: fault, disk: true };
    return { outcome: isDeviceLost(cause) ? 'lost' : 'failed', reason: message };
  } finally {
    await run?.close().catch(async (error) => {
      // Only a warning: it does not change how the run ended.
      const { message } = await causeOf(error);
      logTo(options.tracker, 'WARN', `the run has ended, but some of its resources could not be freed: ${message}`);
    });
  }
}

async function loop({ config, tracker }: TrainOptions, run: PreparedRun): Promise<TrainingEnd> {
  const { iterations, logEvery, evaluateEvery, evaluateImages, sampleEvery, checkpointEvery, maxHours } =
    config.training;
  const restart = restartOf(config);
  let { step, evaluationDue } = run;

  while (step < iterations) {
    // once per step: has a stop been requested?
    const stopRequest = tracker.stopRequest();
    if (stopRequest === 'CANCEL') return { outcome: 'canceled' };
    if (stopRequest === 'DRAIN') {
      await run.checkpoint(step, evaluationDue);
      return { outcome: 'drained' };
    }

    if (run.clock.isOver) {
      await run.checkpoint(step, evaluationDue);
      return { outcome: 'failed', reason: outOfTime(step, iterations, run.clock.hours, maxHours!) };
    }

    // once in a while: evaluate, sample, save; the final evaluation is below
    if (evaluationDue) {
      let alarm: AlarmRecord | null = null;
      if (step % evaluateEvery === 0 || run.best.needs(step)) {
        const evaluation = await run.evaluate(step, 'VAL', evaluateImages);
        // a stop was requested meanwhile: handle it above, with the evaluation still due
        if (!evaluation) continue;
        reportScores(tracker, step, evaluation.scores);
        alarm = evaluation.alarm;
      }
      if (step % sampleEvery === 0) await run.sampler.show(step, run.branches);
      evaluationDue = false;
      // an alarm is raised only once: if the run is requeued, it resumes from here and ignores this alarm
      if (alarm || step % checkpointEvery === 0) await run.checkpoint(step, evaluationDue);
      if (alarm) return { outcome: 'failed', reason: stopped(alarm) };
    }

    // one step
    tracker.progress('step', step);
    const rates = ratesAt(config, step);
    const started = performance.now();
    const batches = await run.batches.take(step);
    const secondsWaiting = (performance.now() - started) / 1000;
    if (rates.restarts) run.confidence?.startAgain();
    run.mix(step, batches);
    const losses = await run.branches.step(step, batches, rates, run.watch.looksAt(step));
    run.meters.add(losses, imageCount(batches), (performance.now() - started) / 1000, secondsWaiting);
    run.confidence?.add(losses);
    run.watch.stepped(step, batches, rates, losses);
    step += 1;
    evaluationDue = true;

    // once in a while: report; also at the end of the first round, so that no mean covers both rounds
    const bad = Object.entries(namedLosses(losses)).find(([, value]) => !Number.isFinite(value));
    if (bad || step % logEvery === 0 || step === restart || step === iterations) {
      reportPoints(tracker, step, { ...run.meters.drain(), lr: rates.learningRate });
    }
    if (bad) return { outcome: 'failed', reason: diverged(step, bad, rates.learningRate) };

    // if the networks share this thread, messages can only arrive here
    await eventLoopTurn();
  }

  // the end: evaluate the whole subsets, even if they were just evaluated; a run drained here repeats this when it resumes
  await run.checkpoint(step, true);
  const onVal = await run.evaluate(step, 'VAL', null);
  if (onVal) reportScores(tracker, step, onVal.scores);
  const onTest = onVal && (await run.evaluate(step, 'TEST', null));
  if (tracker.stopRequest() === 'CANCEL') return { outcome: 'canceled' };
  if (!onTest) return { outcome: 'drained' };
  await run.sampler.show(step, run.branches);
  if (!(await run.review(step))) return { outcome: tracker.stopRequest() === 'CANCEL' ? 'canceled' : 'drained' };
  logTo(tracker, 'INFO', `finished: ${finalScores(onVal.scores, onTest.scores)}`);
  return { outcome: 'completed' };
}

/**
 * Reports the scores as a point. A subset without images has no scores, and those of images without a labelled pixel are NaN, so
 * nothing is reported.
 */
function reportScores(tracker: Tracker, step: number, scores: Record<string, number>): void {
  const values = Object.fromEntries(Object.entries(scores).filter(([, score]) => !Number.isNaN(score)));
  if (Object.keys(values).length > 0) reportPoints(tracker, step, values);
}

function diverged(step: number, [name, value]: [string, number], learningRate: number): string {
  return `${name} became ${value} at step ${step} with learning rate ${learningRate.toPrecision(3)}; lower optimiser.learningRate`;
}

function outOfTime(step: number, iterations: number, hours: number, maxHours: number): string {
  return (
    `training has taken ${hours.toPrecision(3)} h, and its limit is ${maxHours} h (training.maxHours); it stopped at step ` +
    `${step} of ${iterations}, with a checkpoint; to continue from there, retry the run with a larger limit ` +
    '(crosscheck run retry NUMBER --max-hours H)'
  );
}

function stopped({ kind, step, message }: AlarmRecord): string {
  return `stopped by the alarm ${kind} at step ${step}: ${message}`;
}

function finalScores(onVal: Record<string, number>, onTest: Record<string, number>): string {
  const [hasVal, hasTest] = [onVal, onTest].map((scores) => Object.keys(scores).length > 0);
  if (!hasVal && !hasTest) return 'without an evaluation, because the dataset has neither val nor test images';
  if (!hasTest) return `mIoU on val ${percentages(onVal)}; the dataset has no test images`;
  return `mIoU on val ${percentages(onVal)}; on test ${percentages(onTest)}`;
}

function percentages(scores: Record<string, number>): string {
  const entries = Object.entries(scores);
  if (entries.length === 0) return '(no images)';
  if (entries.some(([, score]) => Number.isNaN(score))) return '(no labelled pixel)';
  return entries.map(([name, score]) => `${name.replace('miou/', '')} ${(100 * score).toFixed(2)} %`).join(', ');
}
