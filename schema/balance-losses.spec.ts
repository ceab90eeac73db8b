import { describe, expect, it } from 'vitest';
import { parseRunConfig, type RunConfigInput } from './run-config.js';
import { neededConfigVersion } from './stored-config.js';

const minimal = { dataset: 'shapes', split: { labelledRatio: 0.5 }, method: { name: 'cps' } };

function parsed(balance: RunConfigInput['balance'], changes: object = {}) {
  return parseRunConfig({ ...minimal, ...changes, balance });
}

function problemsOf(balance: unknown, changes: object = {}) {
  const result = parsed(balance as never, changes);
  return result.ok ? [] : result.problems;
}

describe('the remedies of a configuration', () => {
  it('are off unless they are asked for, and a run without them needs no newer runner', () => {
    const result = parseRunConfig(minimal);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.config.balance).toBeNull();
    expect(neededConfigVersion(result.config)).toBe(1);
  });

  it('have defaults', () => {
    const result = parsed({
      weights: { name: 'median_frequency' },
      losses: { focal: {}, dice: {}, lovasz: { weight: 2, over: 'image' } },
    });
    expect(result.ok && result.config.balance).toMatchObject({
      weights: { name: 'median_frequency', cap: 10, pseudoLabels: false },
      losses: {
        crossEntropy: 1,
        focal: { weight: 1, gamma: 2 },
        dice: { weight: 1, over: 'batch' },
        lovasz: { weight: 2, over: 'image' },
      },
    });
    expect(result.ok && neededConfigVersion(result.config)).toBe(4);
    const others = ['inverse_log', 'effective_number', 'logit_adjustment'] as const;
    expect(
      others.map((name) => parsed({ weights: { name } })).map((each) => each.ok && each.config.balance!.weights),
    ).toEqual([
      { name: 'inverse_log', offset: 1.02, pseudoLabels: false },
      { name: 'effective_number', beta: 0.999_99, pseudoLabels: false },
      { name: 'logit_adjustment', tau: 1, pseudoLabels: false },
    ]);
  });

  const alone = (loss: string) => ({ crossEntropy: 0, [loss]: {} });
  const weights = { name: 'inverse_log' };

  it.each([
    ['a loss alone', { losses: alone('focal') }, {}],
    ['weights with a focal loss alone', { weights, losses: alone('focal') }, {}],
    ['weights with hard pixels', { weights }, { loss: { name: 'ohem' } }],
    ['a loss beside hard pixels', { losses: { lovasz: {} } }, { loss: { name: 'ohem' } }],
    ['weights of annealed pixels', { weights }, { method: { name: 'cct', annealed: true } }],
    ['weights for pseudo-labels', { weights: { ...weights, pseudoLabels: true } }, { method: { name: 'unimatch' } }],
  ])('allow %s', (_, balance, changes) => {
    expect(problemsOf(balance, changes)).toEqual([]);
  });

  it.each([
    ['losses', { losses: {} }, {}, 'NO_EXTRA_LOSS', 'at least one of focal, dice, lovasz'],
    ['losses', { losses: { crossEntropy: 0 } }, {}, 'NO_EXTRA_LOSS', 'leave it out'],
    [
      'losses.crossEntropy',
      { losses: alone('dice') },
      { loss: { name: 'ohem' } },
      'OHEM_UNUSED',
      'must be above 0 with loss.name "ohem"',
    ],
    [
      'losses.crossEntropy',
      { losses: alone('dice') },
      { method: { name: 'cct', annealed: true } },
      'ANNEALING_UNUSED',
      'must be above 0 with method.annealed of method "cct"',
    ],
    ['weights', { weights, losses: alone('lovasz') }, {}, 'WEIGHTS_UNUSED', 'must be "none"'],
    ...['supervised', 'mean_teacher', 'cutmix_seg', 'cct', 'gct', 'cpc'].map(
      (name): [string, object, object, string, string] => [
        'weights.pseudoLabels',
        { weights: { ...weights, pseudoLabels: true } },
        { method: { name } },
        'NO_PSEUDO_LABEL_LOSS',
        `method "${name}" has no cross-entropy against pseudo-labels; these have: self_training, cps, cps_cutmix, weak_to_strong_cps, unimatch, augseg`,
      ],
    ),
  ])('refuse what would do nothing, in %s: %j with %j', (field, balance, changes, reason, why) => {
    const problems = problemsOf(balance, changes);
    expect(problems).toMatchObject([{ field: `balance.${field}`, reason }]);
    expect(problems[0]!.message).toContain(why);
  });

  it.each([
    [{ weights: { name: 'inverse-log' } }, 'weights.name', 'inverse_log, median_frequency'],
    [{ weights: 'none' }, 'weights', 'got "none"'],
    [{ weights: { name: 'median_frequency', tau: 1 } }, 'weights.tau', 'allowed here: name, cap, pseudoLabels'],
    [{ weights: { name: 'inverse_log', offset: 1 } }, 'weights.offset', '>1; got 1'],
    [{ weights: { name: 'effective_number', beta: 1 } }, 'weights.beta', '<1; got 1'],
    [{ losses: { focal: { gamma: -1 } } }, 'losses.focal.gamma', '>=0; got -1'],
    [{ losses: { dice: { weight: 0 } } }, 'losses.dice.weight', '>0; got 0'],
    [{ losses: { lovasz: { over: 'images' } } }, 'losses.lovasz.over', 'got "images"'],
    [{ losses: { tversky: {} } }, 'losses.tversky', 'allowed here: crossEntropy, focal, dice, lovasz'],
  ])('name the field and what is allowed: %j', (balance, field, why) => {
    const [problem] = problemsOf(balance);
    expect(problem?.field).toBe(`balance.${field}`);
    expect(problem?.message).toContain(why);
  });
});
