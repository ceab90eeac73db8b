import { describe, expect, it } from 'vitest';
import { type RunConfig, type RunConfigInput, runConfig } from './run-config.js';
import { MAX_NAME_LENGTH, methodLabels, otherDifferences, runNames } from './run-labels.js';

const configOf = (changes: Partial<RunConfigInput> = {}): RunConfig =>
  runConfig.parse({ dataset: 'shapes', split: { labelledRatio: 0.125 }, method: { name: 'cps' }, ...changes });

describe('names of runs', () => {
  it('contain method, labels and seed, and a backbone that is not the default', () => {
    expect(runNames([configOf({ seed: 7 })])).toEqual(['CPS, 1/8, seed 7']);
    const backbones = (['resnet18', 'resnet50'] as const).map((backbone) => configOf({ network: { backbone } }));
    expect(runNames(backbones)).toEqual(['CPS, 1/8, seed 0', 'CPS, ResNet-50, 1/8, seed 0']);
  });

  it('contain both backbones of two networks that differ in them', () => {
    const second = (backbone: 'resnet18' | 'resnet34' | null) =>
      configOf({ network: { second: { backbone, width: 0.5 } } });
    expect(['resnet34', 'resnet18', null].map((each) => runNames([second(each as 'resnet34')])[0])).toEqual([
      'CPS, ResNet-18 + ResNet-34, 1/8, seed 0',
      'CPS, 1/8, seed 0',
      'CPS, 1/8, seed 0',
    ]);
  });

  it('distinguish ablations of a method and draws of a split', () => {
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

describe('long names of runs', () => {
  it('lose their middle, and still distinguish lists', () => {
    const list = (file: string) =>
      configOf({ split: { labelledList: `/${'folder/'.repeat(100)}${file}/x/labeled.txt` } });
    const names = runNames([list('a'), list('b')].map((config) => ({ ...config, seed: 3 })));
    expect(names.map((name) => name.length)).toEqual([MAX_NAME_LENGTH, MAX_NAME_LENGTH]);
    expect(names[0]).toMatch(
      /^CPS, list x\/labeled \(labelledList \/folder.*….*\/folder\/a\/x\/labeled.txt\), seed 3$/,
    );
    expect(new Set(names).size).toBe(2);
    const short = 'x'.repeat(230);
    expect(runNames([configOf({ split: { labelledList: `${short}.txt` } })])).toEqual([`CPS, list ${short}, seed 0`]);
  });
});

describe('differences', () => {
  it('within a part of a method are named without the rest of the part', () => {
    const decoders = { dropout: 1, cutout: 6, contextMask: 2, objectMask: 2, featureDrop: 6, featureNoise: 6 };
    const cct = (dropout: number) => configOf({ method: { name: 'cct', decoders: { ...decoders, dropout } } });
    expect(methodLabels([cct(6), cct(2)])).toEqual(['CCT (decoders.dropout 6)', 'CCT (decoders.dropout 2)']);
    const pretrained = { source: '/weights/a.safetensors' };
    expect(
      otherDifferences([configOf({ network: { width: 1 } }), configOf({ network: { width: 1, pretrained } })]),
    ).toEqual([
      'network.pretrained null',
      'network.pretrained.source /weights/a.safetensors, network.pretrained.sha256 null',
    ]);
  });

  it('of a method are those between its own runs', () => {
    const runs = [
      configOf({ method: { name: 'cps_cutmix', boxes: 1 } }),
      configOf({ method: { name: 'cps_cutmix', boxes: 3 } }),
      configOf({ method: { name: 'cps', weight: 6 } }),
    ];
    expect(methodLabels(runs)).toEqual(['CPS + CutMix (boxes 1)', 'CPS + CutMix (boxes 3)', 'CPS']);
  });

  it('in settings that a study does not vary are named by path if they affect the outcome', () => {
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
