import type { MixingConfig } from '../../../schema/mixing-config.js';
import { randomStream } from '../../random/random.js';
import type { StepBatches } from '../dataset.js';
import { paste } from './paste.js';
import { type ClassStrength, drawWeakClasses } from './weak-classes.js';

/** The powers of 1 - confidence in AEL's code. */
const COPY_PASTE_POWER = 0.5;
const CUTMIX_POWER = 1;

/**
 * The part of `balance.mixing` that depends on the networks, before a step (AEL, Hu et al., NeurIPS 2021).
 *
 * `copy_paste` draws classes, the less confident ones more often, and pastes all their pixels from the labelled images that the
 * loader has drawn into the unlabelled images. `confidence_bank` draws a class for each image that is mixed in.
 */
export function adaptToNetworks(
  step: number,
  batches: StepBatches,
  { mixing, seed, ...strength }: ClassStrength & { mixing: MixingConfig; seed: number },
): void {
  const { unlabelled, unlabelledMix, pasteFrom } = batches;
  if (mixing.name === 'copy_paste' && unlabelled && pasteFrom) {
    const random = randomStream(seed, 'balance', 'copy-paste', step);
    const classes = new Set(drawWeakClasses(random, strength, COPY_PASTE_POWER, mixing.classes));
    paste(pasteFrom, unlabelled, (label) => classes.has(label));
    batches.pasteFrom = null;
  }
  if (mixing.name === 'confidence_bank' && unlabelledMix) {
    const random = randomStream(seed, 'balance', 'confidence-bank', step);
    batches.weakClasses = drawWeakClasses(random, strength, CUTMIX_POWER, unlabelledMix.count);
  }
}
