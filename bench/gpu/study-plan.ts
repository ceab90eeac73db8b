import { demoStudy, type StudyPlan } from '../../schema/demo-config.js';

/** A study that ends within minutes: two methods on scenes that need no files, with a rare class. */
export function shortStudy(iterations: number): StudyPlan {
  const [supervised, , cpsCutmix] = demoStudy.matrix.methods;
  return {
    name: 'Short study of the GPU check',
    description: 'Supervised and CPS + CutMix on the same labelled eighth of shapes_longtail.',
    base: {
      ...demoStudy.base,
      dataset: 'shapes_longtail',
      training: {
        ...demoStudy.base.training,
        iterations,
        evaluateEvery: Math.max(1, Math.ceil(iterations / 3)),
        evaluateImages: 32,
        sampleEvery: iterations,
        checkpointEvery: iterations,
      },
    },
    matrix: { methods: [supervised!, cpsCutmix!] },
  };
}

/** How many iterations fit, and at least a few. @param stepMs of a step of the study, about */
export function iterationsFor(seconds: number, stepMs: number): number {
  const runs = 2;
  const training = Math.max(0, seconds - STARTING_SECONDS) / runs;
  // A part of it for evaluation, and for a machine that is slower at times.
  return Math.min(600, Math.max(20, Math.floor((0.6 * training * 1000) / stepMs / 10) * 10));
}

/** Until the first step: PostgreSQL, the server, the runner, and what a GPU compiles at first. */
const STARTING_SECONDS = 40;
