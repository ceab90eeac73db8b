import { describe, expect, it } from 'vitest';
import { type RunConfig, runConfig } from '../../schema/run-config.js';
import { effectiveConfig } from '../../schema/stored-config.js';
import { draws } from '../testing/draws.js';
import { areEqual, settingDifferences } from './setting-differences.js';

describe('settingDifferences', () => {
  it('lists only what differs, by path, and counts what is equal', () => {
    const configs = [
      { seed: 1, network: { width: 1, stem: 'deep' }, augmentation: { crop: [64, 64] } },
      { seed: 2, network: { width: 1, stem: 'deep' }, augmentation: { crop: [64, 128] } },
      { seed: 1, network: { width: 0.5, stem: 'deep' }, augmentation: { crop: [64, 64] } },
    ];
    const expected = [
      {
        path: 'augmentation.crop',
        values: [
          [64, 64],
          [64, 128],
          [64, 64],
        ],
      },
      { path: 'network.width', values: [1, 1, 0.5] },
      { path: 'seed', values: [1, 2, 1] },
    ];
    expect(settingDifferences(configs)).toEqual({ differences: expected, equal: 1 });
  });

  it('has null for settings that a configuration lacks, and treats null the same', () => {
    const pretrained = { source: 'a.safetensors', sha256: null };
    const configs = [
      { network: { pretrained: null }, method: { name: 'supervised' } },
      { network: { pretrained }, method: { name: 'cps', weight: 1.5, on: null } },
    ];
    expect(settingDifferences(configs)).toEqual({
      differences: [
        { path: 'method.name', values: ['supervised', 'cps'] },
        { path: 'method.weight', values: [null, 1.5] },
        { path: 'network.pretrained.source', values: [null, 'a.safetensors'] },
      ],
      // method.on and network.pretrained.sha256 have no value in either.
      equal: 2,
    });
  });

  it('compares a configuration with one that is older than a setting by the value that it had in effect', () => {
    const config = runConfig.parse({ dataset: 'd', split: { labelledRatio: 0.5 }, method: { name: 'cps' } });
    const { data, ...rest } = config;
    const { stem: _, ...network } = config.network;
    const older = { ...rest, network } as RunConfig;
    const compared = (changes: Partial<RunConfig>) =>
      settingDifferences([older, { ...config, ...changes }].map(effectiveConfig)).differences;
    // Decision 0023: `network.stem` was "deep" before it could be chosen, whatever its default is today.
    expect(compared({ network: { ...config.network, stem: 'deep' } })).toEqual([]);
    expect(compared({ network: { ...config.network, stem: '7x7' }, data: { ...data, imageScale: 0.25 } })).toEqual([
      { path: 'data.imageScale', values: [1, 0.25] },
      { path: 'network.stem', values: ['deep', '7x7'] },
    ]);
  });

  it('has every setting of every configuration once, either as equal or as different', () => {
    const draw = draws(3);
    for (let round = 0; round < 100; round++) {
      const configs = Array.from({ length: 2 + Math.floor(4 * draw()) }, () => ({
        a: Math.floor(2 * draw()),
        b: { c: Math.floor(2 * draw()), ...(draw() < 0.5 && { d: { e: [Math.floor(2 * draw())] } }) },
      }));
      const { differences, equal } = settingDifferences(configs);
      const paths = ['a', 'b.c', ...(configs.some(({ b }) => 'd' in b) ? ['b.d.e'] : [])];
      expect(differences.length + equal).toBe(paths.length);
      for (const { path, values } of differences) {
        expect(paths).toContain(path);
        expect(areEqual(values)).toBe(false);
        const read = configs.map((config) =>
          path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], config),
        );
        expect(values).toEqual(read.map((value) => value ?? null));
      }
    }
  });
});
