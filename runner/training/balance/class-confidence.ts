import { z } from 'zod';
import type { TrueClassSums } from './true-class.js';

/** The share of itself that a class's confidence keeps in a step that shows the class (AEL, Hu et al., NeurIPS 2021). */
const DECAY = 0.999;

const classState = z.strictObject({
  /** In [0, 1]. */
  confidence: z.number().min(0).max(1),
  /** The number of steps whose labels had the class. */
  steps: z.int().min(0),
});

/** Plain numbers, so that a checkpoint stores them exactly. */
export const classConfidenceState = z.array(classState);

export type ClassConfidenceState = z.output<typeof classConfidenceState>;

/**
 * AEL's bank of class confidence: how probable the networks find the true class of labelled pixels, for each class, as a moving
 * average over the steps whose labels have the class. With two networks, it is the mean of both, because both must draw the same
 * classes from it. As the other moving averages here, it is the mean of all steps at first, so that it does not start from
 * an arbitrary value. A class that has not been seen has the confidence 0.
 */
export class ClassConfidence {
  private state: ClassConfidenceState;

  constructor(
    /** Names of the dataset's classes. */
    private readonly classes: readonly string[],
    state?: ClassConfidenceState,
  ) {
    this.state = state ?? unseen(classes);
  }

  /** The networks start again from their initial weights, so what was seen of the others no longer counts. */
  startAgain(): void {
    this.state = unseen(this.classes);
  }

  /** The confidence of each class, in [0, 1]. */
  get values(): number[] {
    return this.state.map(({ confidence }) => confidence);
  }

  /** Adds a step. */
  add(result: readonly { trueClass?: TrueClassSums | null | undefined }[]): void {
    for (const [label, known] of this.state.entries()) {
      const sum = (of: 'probability' | 'pixels') =>
        result.reduce((total, { trueClass }) => total + (trueClass?.[of][label] ?? 0), 0);
      const pixels = sum('pixels');
      if (pixels === 0) continue;
      known.steps += 1;
      const decay = Math.min(1 - 1 / known.steps, DECAY);
      // Rounding may put a probability just outside of [0, 1].
      const now = Math.min(Math.max(sum('probability') / pixels, 0), 1);
      known.confidence = decay * known.confidence + (1 - decay) * now;
    }
  }

  /** The confidence of each class that has been seen, by the name of its series. */
  series(): Record<string, number> {
    const seen = this.state.flatMap(({ confidence, steps }, label) =>
      steps > 0 ? [[seriesName(this.classes[label]!), confidence] as const] : [],
    );
    return Object.fromEntries(seen);
  }

  save(): ClassConfidenceState {
    return structuredClone(this.state);
  }
}

function unseen(classes: readonly string[]): ClassConfidenceState {
  return classes.map(() => ({ confidence: 0, steps: 0 }));
}

/** A series may have 128 characters, as many as a class. */
function seriesName(name: string): string {
  return `class_confidence/${[...name].slice(0, 100).join('')}`;
}
