import type { SamplingConfig } from '../../../schema/sampling-config.js';
import { classProbabilities } from '../../data/augment/class-sampling.js';

/**
 * A line for the log of the run: how often each class is drawn, most often first.
 *
 * @param pixels the labelled pixels of each class
 * @param classes their names
 */
export function samplingInWords(
  { share, temperature }: SamplingConfig,
  pixels: readonly number[],
  classes: readonly string[],
): string {
  const drawn = classProbabilities(pixels, temperature)
    .map((probability, index) => ({ name: classes[index]!, probability }))
    .filter(({ probability }) => probability > 0)
    .sort((a, b) => b.probability - a.probability)
    .map(({ name, probability }) => `${name} ${percent(probability)}`);
  const missing = classes.filter((_, index) => !pixels[index]);
  const never = missing.length === 0 ? '' : `; never for ${missing.join(', ')}, which no labelled image holds`;
  return `${percent(share)} of the labelled images are drawn for a class: ${drawn.join(', ')}${never}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
