import { describe, expect, it } from 'vitest';
import { parseRunConfig, runConfig } from '../run-config.js';
import { parseStudyMatrix } from '../study-matrix.js';
import { CONFIG_MISTAKES } from './config-reasons.js';
import { placeholdersIn } from './message.js';

const minimal = { dataset: 'shapes', split: { labelledRatio: 0.5 }, method: { name: 'cps' } };
const problemsOf = (changes: object) => {
  const result = parseRunConfig({ ...minimal, ...changes });
  return result.ok ? [] : result.problems;
};

const mistakes: [object, string, string, object][] = [
  [{ dataset: 3 }, 'dataset', 'WRONG_TYPE', { expected: 'string', received: 'number', value: '3' }],
  [{ dataset: undefined }, 'dataset', 'WRONG_TYPE', { expected: 'string', received: 'undefined', value: null }],
  [{ dataset: '' }, 'dataset', 'TOO_SHORT', { type: 'string', min: 1, value: '""' }],
  [{ seed: -1 }, 'seed', 'TOO_SMALL', { type: 'number', min: 0, value: '-1' }],
  [{ seed: 0.5 }, 'seed', 'WRONG_TYPE', { expected: 'int', received: 'number', value: '0.5' }],
  [{ seed: 1e10 }, 'seed', 'TOO_BIG', { type: 'number', max: 4_294_967_295, value: '10000000000' }],
  [{ split: { labelledRatio: 0 } }, 'split.labelledRatio', 'NOT_ABOVE', { type: 'number', min: 0, value: '0' }],
  [{ split: {} }, 'split', 'KIND_UNCLEAR', { keys: ['labelledRatio', 'labelledImages', 'labelledList'], value: '{}' }],
  [
    { method: { name: 'gct', detectorChannels: 5 } },
    'method.detectorChannels',
    'NOT_A_MULTIPLE',
    { divisor: 2, value: '5' },
  ],
  [{ network: { outputStride: 4 } }, 'network.outputStride', 'NOT_ALLOWED', { allowed: [8, 16], value: '4' }],
  [{ method: { name: 'unimatch', dropout: 1 } }, 'method.dropout', 'NOT_BELOW', { type: 'number', max: 1, value: '1' }],
  [
    { split: { labelledList: 'a.png' } },
    'split.labelledList',
    'WRONG_FORMAT',
    {
      format: 'must be the path of a .txt or .lst file',
      pattern: expect.stringContaining('txt|lst'),
      value: '"a.png"',
    },
  ],
  [
    { network: { width: 1, pretrained: { source: 'ftp://a' } } },
    'network.pretrained.source',
    'WEIGHTS_SOURCE_INVALID',
    { value: '"ftp://a"' },
  ],
  [{ optimiser: { warmUp: 1.5 } }, 'optimiser.warmUp', 'WARM_UP_UNCLEAR', { value: '1.5' }],
  [
    { optimiser: { warmUp: 10 }, training: { iterations: 10 } },
    'optimiser.warmUp',
    'WARM_UP_TOO_LONG',
    { iterations: 10, value: '10' },
  ],
  [
    { network: { second: { backbone: 'resnet34' } }, method: { name: 'unimatch' } },
    'network.second',
    'ONE_NETWORK',
    {
      method: 'unimatch',
      value: '{"backbone":"resnet34"}',
    },
  ],
  [
    { network: { width: 0.5, pretrained: { source: 'w' } } },
    'network.width',
    'PRETRAINED_NEEDS_WIDTH',
    { value: '0.5' },
  ],
  [
    { method: { name: 'gct' }, augmentation: { crop: [32, 32] } },
    'augmentation.crop',
    'CROP_TOO_SMALL',
    { method: 'gct', min: 64, value: '[32,32]' },
  ],
  [
    { alarms: { drop: null, stopOn: ['DROP'] } },
    'alarms.stopOn.0',
    'STOP_ON_ALARM_OFF',
    { setting: 'drop', value: '"DROP"' },
  ],
];

describe('a problem of a configuration', () => {
  it.each(mistakes)('has a reason, and parameters for all that varies: %j', (changes, field, reason, params) => {
    const found = problemsOf(changes);
    expect(found).toEqual([{ field, reason, params, message: expect.any(String) }]);
    const result = runConfig.safeParse({ ...minimal, ...changes }, { reportInput: true });
    const issue = result.error!.issues[0]!;
    if (issue.code === 'invalid_union') return;
    const { value } = params as { value: string | null };
    expect(found[0]!.message).toBe(`${issue.message}; ${value === null ? 'nothing was given' : `got ${value}`}`);
    const words = ['given', 'unit', 'options'];
    const placeholders = placeholdersIn(CONFIG_MISTAKES[reason as keyof typeof CONFIG_MISTAKES]);
    expect(Object.keys(found[0]!.params)).toEqual(
      expect.arrayContaining(placeholders.filter((name) => !words.includes(name))),
    );
  });

  it('of a matrix has them, too', () => {
    const axes = { methods: [], labelledRatios: [0.5], splits: [{ labelledImages: 2 }], seed: [1] };
    const result = parseStudyMatrix(axes);
    expect(result.ok ? [] : result.problems).toMatchObject([
      { field: 'methods', reason: 'TOO_SHORT', params: { type: 'array', min: 1, value: '[]' } },
      { field: 'seed', reason: 'UNKNOWN_KEY', params: { key: 'seed' } },
      { field: 'splits', reason: 'RATIOS_AND_SPLITS', params: { value: '[{"labelledImages":2}]' } },
    ]);
  });
});
