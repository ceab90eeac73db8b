import { describe, expect, it } from 'vitest';
import { METHOD_LABELS, networkOf, parseRunConfig, type RunConfigInput } from './run-config.js';

const minimal: RunConfigInput = { dataset: 'shapes', split: { labelledRatio: 0.125 }, method: { name: 'cps' } };

function problemsOf(input: unknown) {
  const result = parseRunConfig(input);
  return result.ok ? [] : result.problems;
}

describe('network.second', () => {
  it('completes a second network, whose layers are those of the first where it says nothing', () => {
    const result = parseRunConfig({ ...minimal, network: { backbone: 'resnet50', second: { stem: '7x7' } } });
    if (!result.ok) throw new Error('the configuration is not valid');
    const { network } = result.config;
    expect(network.second).toEqual({ backbone: null, stem: '7x7', width: null, pretrained: null });
    const { second: _, ...first } = network;
    expect(networkOf(network, 1)).toEqual(first);
    expect(networkOf(network, 2)).toEqual({ ...first, stem: '7x7' });
    expect(networkOf({ ...network, second: null }, 2)).toEqual(first);
    const pretrained = { source: 'w', sha256: null };
    expect(networkOf({ ...network, pretrained }, 2).pretrained).toBe(null);
    expect(networkOf({ ...network, pretrained, second: null }, 2).pretrained).toBe(pretrained);
    const whole = { backbone: 'resnet34', stem: 'd', width: 1, pretrained } as const;
    expect(networkOf({ ...network, second: whole }, 2)).toEqual({ ...first, ...whole });
  });

  it('refuses a second network where the method has one, and mistakes in it', () => {
    const second = { backbone: 'resnet34' };
    const refused = Object.keys(METHOD_LABELS).filter(
      (name) => problemsOf({ ...minimal, method: { name }, network: { second } }).length > 0,
    );
    expect(refused.sort()).toEqual([
      'augseg',
      'cct',
      'cutmix_seg',
      'mean_teacher',
      'self_training',
      'supervised',
      'unimatch',
    ]);
    const problemsWith = (network: object) =>
      problemsOf({ ...minimal, network }).map(({ field, message }) => `${field}: ${message}`);
    expect(problemsWith({ second: { backbone: 'vit' } })).toEqual([
      expect.stringMatching(/^network\.second\.backbone: .*resnet18.*; got "vit"$/),
    ]);
    expect(problemsWith({ second: { outputStride: 8 } })).toEqual([
      'network.second.outputStride: unknown key "outputStride"; allowed here: backbone, stem, width, pretrained',
    ]);
    const pretrained = { source: 'w' };
    expect(problemsWith({ width: 1, second: { pretrained } })).toEqual([]);
    expect(problemsWith({ width: 0.5, second: { width: 1, pretrained } })).toEqual([]);
    expect(problemsWith({ width: 1, pretrained, second: { width: 0.5 } })).toEqual([]);
    const needsWidth = expect.stringMatching(/^network\.width: pretrained weights need width 1/);
    expect(problemsWith({ width: 0.5, second: { pretrained } })).toEqual([needsWidth]);
    expect(problemsWith({ width: 1, second: { width: 0.5, pretrained } })).toEqual([
      expect.stringMatching(/^network\.second\.width: pretrained weights need width 1/),
    ]);
  });
});
