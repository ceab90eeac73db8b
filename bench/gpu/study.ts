import { compiledFile } from '../../runner/compiled/compiled-file.js';
import { runFor } from './run-for.js';
import { type Section, table, verbatim } from './section.js';
import { iterationsFor } from './study-plan.js';
import type { StudyLine } from './train-study.js';

/** Stopping takes time, too. On a busy machine it takes longer, but a server must not be left behind. */
const STOPPING_SECONDS = 20;
const LONGEST_STOPPING_SECONDS = 120;
/** Assumed if no step was timed. */
const USUAL_STEP_MS = 300;

/** Trains the short study, with as many iterations as fit. @param register options that choose the runner's engine */
export async function studySection(
  seconds: number,
  stepMs: number | null,
  register: readonly string[],
): Promise<Section> {
  const title = 'A short study';
  const training = seconds - STOPPING_SECONDS;
  const iterations = iterationsFor(training, stepMs ?? USUAL_STEP_MS);
  let line: StudyLine | null = null;
  const script = compiledFile('./train-study.js', import.meta.url);
  const ran = await runFor([script, String(Math.round(training)), String(iterations), ...register], {
    seconds,
    graceSeconds: LONGEST_STOPPING_SECONDS,
    onLine: (text) => {
      if (text.startsWith('{"study":true')) line = JSON.parse(text) as StudyLine;
    },
  });
  // Assigned in a function, which the compiler does not see.
  const found = line as StudyLine | null;
  if (!found) {
    const lines = ['It did not start:', '', ...verbatim(ran.tail)];
    return ran.outOfTime
      ? { title, lines: [], leftOut: 'the study, which had not started when time was up', failed: true }
      : { title, lines, leftOut: null, failed: true };
  }
  return { title, ...described(found, iterations) };
}

function described({ engine, device, table: text, runs }: StudyLine, iterations: number): Omit<Section, 'title'> {
  const unfinished = runs.filter(({ state }) => state !== 'COMPLETED' && state !== 'FAILED');
  const rows = runs.map((run) => [
    run.name,
    run.state.toLowerCase(),
    `${run.step} of ${run.iterations}`,
    run.meanIou === null ? '–' : (100 * run.meanIou).toFixed(1),
    run.imagesPerSecond === null ? '–' : run.imagesPerSecond.toPrecision(3),
    run.failure ?? '',
  ]);
  return {
    lines: [
      `Trained through a server and a runner on ${engine} (${device}): shapes_longtail, 1/8 of the labels, ${iterations} iterations.`,
      'It shows that runs train, are evaluated and are reported here, not how good a method is.',
      '',
      ...table(['run', 'state', 'iterations', 'mIoU on val, %', 'images/s', ''], rows),
      ...(runs.some(({ meanIou }) => meanIou !== null) ? ['', ...verbatim(text)] : []),
    ],
    leftOut:
      unfinished.length > 0
        ? `the end of ${unfinished.map(({ name, step }) => `${name} (stopped at ${step})`).join(', ')}`
        : null,
    failed: runs.some(({ state }) => state === 'FAILED') || runs.every(({ step }) => step === 0),
  };
}
