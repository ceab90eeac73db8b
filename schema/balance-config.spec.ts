import { describe, expect, it } from 'vitest';
import { parseRunConfig } from './run-config.js';
import { otherDifferences } from './run-labels.js';

const MINIMAL = { dataset: 'shapes', split: { labelledRatio: 0.125 } };

function parsed(method: object, balance: object | null) {
  return parseRunConfig({ ...MINIMAL, method, balance });
}

function problemsOf(method: object, balance: object) {
  const result = parsed(method, balance);
  return result.ok ? [] : result.problems;
}

describe('balance', () => {
  it('is null unless it is given, and then every remedy is off that is not chosen', () => {
    expect(parseRunConfig({ ...MINIMAL, method: { name: 'cps' } })).toMatchObject({
      ok: true,
      config: { balance: null },
    });
    expect(parsed({ name: 'supervised' }, {})).toMatchObject({
      ok: true,
      config: { balance: { sampling: null, mixing: { name: 'none' }, thresholds: { name: 'none' } } },
    });
  });

  it('has defaults for thresholds, and is complete when completed', () => {
    const withDefaults = ['fixed', 'quota', 'adaptive'].map((name) => {
      const result = parsed({ name: 'cps' }, { thresholds: { name } });
      if (!result.ok) throw new Error(JSON.stringify(result.problems));
      expect(parseRunConfig(result.config)).toEqual(result);
      return result.config.balance!.thresholds;
    });
    expect(withDefaults).toEqual([
      { name: 'fixed', confidence: 0.95 },
      { name: 'quota', share: 0.5 },
      { name: 'adaptive', start: 0.85, decay: 0.999 },
    ]);
  });

  it('has defaults for mixing', () => {
    const withDefaults = ['class_aware', 'copy_paste'].map((name) => {
      const result = parsed({ name: 'cps' }, { mixing: { name } });
      if (!result.ok) throw new Error(JSON.stringify(result.problems));
      return result.config.balance!.mixing;
    });
    expect(withDefaults).toEqual([
      { name: 'class_aware', probability: 0.5, region: 'box' },
      { name: 'copy_paste', probability: 0.5, classes: 3, scales: { from: 0.1, to: 2 } },
    ]);
  });

  it.each([
    [
      { name: 'cps', on: 'labelled' },
      { mixing: { name: 'copy_paste' } },
      'balance.mixing.name',
      'NOTHING_TO_MIX_INTO',
      /"cps" uses no unlabelled images here; got "copy_paste"/,
    ],
    [
      { name: 'unimatch', cutmix: 0 },
      { mixing: { name: 'confidence_bank' } },
      'balance.mixing.name',
      'NO_BOXES',
      /"unimatch", which mixes no images with CutMix here; got "confidence_bank"/,
    ],
    [
      { name: 'gct' },
      { mixing: { name: 'class_aware' } },
      'balance.mixing.name',
      'NO_PLACE_FOR_LABELS',
      /"gct", whose flaw detector decides/,
    ],
    [
      { name: 'cps' },
      { mixing: { name: 'copy_paste', scales: { from: 2, to: 1 } } },
      'balance.mixing.scales',
      'SCALES_REVERSED',
      /`from` must not exceed `to`/,
    ],
    [
      { name: 'cps' },
      { mixing: { name: 'class_aware', probability: 0 } },
      'balance.mixing.probability',
      'NOT_ABOVE',
      />0/,
    ],
    [
      { name: 'cpc' },
      { thresholds: { name: 'quota' } },
      'balance.thresholds.name',
      'NO_PSEUDO_LABELS',
      /method "cpc", which has no pseudo-labels .*got "quota"/,
    ],
    [
      { name: 'unimatch' },
      { thresholds: { name: 'fixed' } },
      'balance.thresholds.name',
      'CONFIDENCE_TWICE',
      /method "unimatch", .*set method.confidence/,
    ],
    [
      { name: 'cutmix_seg', confidence: 0.5 },
      { thresholds: { name: 'adaptive' } },
      'method.confidence',
      'CONFIDENCE_REPLACED',
      /"adaptive", which replaces it: .*0.97; got 0.5/,
    ],
    [
      { name: 'cps' },
      { thresholds: { name: 'fixed', confidence: 2 } },
      'balance.thresholds.confidence',
      'TOO_BIG',
      /<=1/,
    ],
    [{ name: 'cps' }, { thresholds: { name: 'quota', share: 0 } }, 'balance.thresholds.share', 'NOT_ABOVE', />0/],
    [{ name: 'cps' }, { thresholds: { name: 'adaptive', decay: 1 } }, 'balance.thresholds.decay', 'NOT_BELOW', /<1/],
    [{ name: 'cps' }, { thresholds: { name: 'quotas' } }, 'balance.thresholds.name', 'UNKNOWN_KIND', /allowed: none, /],
    [
      { name: 'cps' },
      { thresholds: { name: 'none', share: 1 } },
      'balance.thresholds.share',
      'UNKNOWN_KEY',
      /unknown key "share"; allowed here: name/,
    ],
    [
      { name: 'cps' },
      { threshold: {} },
      'balance.threshold',
      'UNKNOWN_KEY',
      /allowed here: sampling, mixing, thresholds/,
    ],
  ])('refuses %j with %j and says why', (method, balance, field, reason, message) => {
    expect(problemsOf(method, balance)).toMatchObject([{ field, reason, message: expect.stringMatching(message) }]);
  });

  it("keeps a method's own confidence where thresholds are off", () => {
    expect(problemsOf({ name: 'unimatch', confidence: 0.5 }, { thresholds: { name: 'none' } })).toEqual([]);
  });

  it('tells runs apart that differ only in a remedy', () => {
    const configs = [null, { thresholds: { name: 'quota' } }].map((balance) => {
      const result = parsed({ name: 'cps' }, balance);
      if (!result.ok) throw new Error(JSON.stringify(result.problems));
      return result.config;
    });
    expect(otherDifferences(configs)[1]).toContain('balance.thresholds.name quota');
  });
});
