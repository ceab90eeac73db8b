import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random/random.js';
import { createLoader } from '../loading/loader.js';
import { mixingConfigOf, planted, STREAMS } from '../testing/planted-images.js';
import { adaptToNetworks } from './adapt-to-networks.js';
import { drawWeakClasses } from './weak-classes.js';

describe('confidence_bank', () => {
  it('draws a class for each image that is mixed in, and changes no pixel', async () => {
    const { dataset, split } = planted({ a: () => 1 });
    const method = { name: 'cps_cutmix' } as const;
    const config = mixingConfigOf({ name: 'confidence_bank' }, { method });
    const loader = createLoader({ dataset, split, config, streams: { ...STREAMS, mix: 'own order' } });
    const batches = await loader.batch(0);
    const before = structuredClone(batches);
    const mixing = config.balance!.mixing;
    adaptToNetworks(0, batches, { mixing, confidence: [0, 0, 0], classPixels: [5, 0, 5], seed: 5 });
    const { weakClasses, ...rest } = batches;
    expect(rest).toEqual(before);
    expect(weakClasses).toHaveLength(4);
    expect(weakClasses!.every((label) => label === 0 || label === 2)).toBe(true);
  });

  it('draws the classes as often as their probabilities say, and none if there are no labels', () => {
    const strength = { confidence: [1, 0, 0.5], classPixels: [1, 1, 1] };
    const drawn = drawWeakClasses(randomStream(1, 'draws'), strength, 1, 10_000);
    const powers = [1, Math.E, Math.sqrt(Math.E)];
    const sum = powers[0]! + powers[1]! + powers[2]!;
    for (const [index, power] of powers.entries()) {
      expect(drawn.filter((label) => label === index).length / 10_000).toBeCloseTo(power / sum, 1);
    }
    expect(drawWeakClasses(randomStream(1, 'draws'), { ...strength, classPixels: [0, 0, 0] }, 1, 3)).toEqual([]);
  });
});
