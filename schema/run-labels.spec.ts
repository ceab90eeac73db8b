import { describe, expect, it } from 'vitest';
import { type RunConfig, type RunConfigInput, runConfig } from './run-config.js';
import { methodLabels, otherDifferences, runNames } from './run-labels.js';

const configOf = (changes: Partial<RunConfigInput> = {}): RunConfig =>
  runConfig.parse({ dataset: 'shapes', split: { labelledRatio: 0.125 }, method: { name: 'cps' }, ...changes });

describe('names of runs', () => {
  it('tell method, labels and seed, and a backbone that is not the usual one', () => {
    expect(runNames([configOf({ seed: 7 })])).toEqual(['CPS, 1/8, seed 7']);
    const backbones = (['resnet18', 'resnet50'] as const).map((backbone) => configOf({ network: { backbone } }));
    expect(runNames(backbones)).toEqual(['CPS, 1/8, seed 0', 'CPS, ResNet-50, 1/8, seed 0']);
  });

  it('tell an ablation of a method and draws of a split apart', () => {
    const on = (on: 'labelled' | 'both', splitSeed: number) =>
      configOf({ method: { name: 'cps', on }, split: { labelledImages: 22, seed: splitSeed } });
    const supervised = configOf({ method: { name: 'supervised' }, split: { labelledImages: 22, seed: 1 } });
    expect(runNames([on('both', 0), on('both', 1), on('labelled', 0), supervised])).toEqual([
      'CPS (on both), 22 images (seed 0), seed 0',
      'CPS (on both), 22 images (seed 1), seed 0',
      'CPS (on labelled), 22 images (seed 0), seed 0',
      'Supervised, 22 images (seed 1), seed 0',
    ]);
  });
});

describe('differences', () => {
  it('of a method are those among its own runs', () => {
    const runs = [
      configOf({ method: { name: 'cps_cutmix', boxes: 1 } }),
      configOf({ method: { name: 'cps_cutmix', boxes: 3 } }),
      configOf({ method: { name: 'cps', weight: 6 } }),
    ];
    expect(methodLabels(runs)).toEqual(['CPS + CutMix (boxes 1)', 'CPS + CutMix (boxes 3)', 'CPS']);
  });

  it('within a group of settings are named one by one', () => {
    const decoders = { dropout: 6, cutout: 6, contextMask: 2 };
    const runs = [decoders, { ...decoders, dropout: 0 }].map((decoders) =>
      configOf({ method: { name: 'cct', decoders } }),
    );
    expect(methodLabels(runs)).toEqual(['CCT (decoders.dropout 6)', 'CCT (decoders.dropout 0)']);
  });

  it('beside what a study varies are named by path, as far as they decide about the outcome', () => {
    const training = { iterations: 300, logEvery: 1, evaluateEvery: 7 };
    expect(otherDifferences([configOf({ seed: 1 }), configOf({ method: { name: 'gct' } })])).toEqual(['', '']);
    expect(otherDifferences([configOf({ training: { logEvery: 2 } }), configOf()])).toEqual(['', '']);
    const loss = { name: 'ohem' as const };
    expect(otherDifferences([configOf({ training, loss }), configOf({ network: { width: 0.5 } })])).toEqual([
      expect.stringMatching(/^loss.name ohem, loss.*network.width 0.25, training.iterations 300$/),
      'loss.name cross_entropy, network.width 0.5, training.iterations 1000',
    ]);
  });
});
