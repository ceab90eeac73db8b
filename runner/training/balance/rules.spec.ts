import { describe, expect, it } from 'vitest';
import { weakClassProbabilities } from '../../data/mixing/weak-classes.js';
import { expectClose } from '../../testing/closeness.js';
import { hashed } from '../../testing/hashed.js';
import { AdaptiveThreshold } from './adaptive-threshold.js';
import { ClassConfidence } from './class-confidence.js';
import { ClassQuota } from './class-quota.js';
import fixture from './fixtures/rules.json' with { type: 'json' };
import type { PixelRule } from './pixel-rule.js';
import { trueClassSums } from './true-class.js';

const { classes, pixels, labelShares } = fixture;

/** As in rules.py: uniform in [0, 1), squared `power` times, in float32. */
function draw(seed: number, power: number): Float32Array {
  const values = hashed(seed, [pixels])
    .dataSync<'float32'>()
    .map((value) => Math.fround(value + 1) / 2);
  return values.map((value) => {
    let squared = value;
    for (let i = 0; i < power; i++) squared = Math.fround(squared * squared);
    return squared;
  });
}

/** As in rules.py. */
function predictions(step: number): [labels: Float32Array, confidences: Float32Array] {
  const labels = draw(10 * step + 1, 1).map((value, i) => {
    const label = Math.min(classes - 1, Math.floor(Math.fround(value * classes)));
    return i % 11 === 0 ? 255 : step === 2 && label === 3 ? 0 : label;
  });
  return [labels, draw(10 * step + 2, 2).map((value) => 1 - value)];
}

/** The number of pixels of each class that a rule chooses in each step. */
function keptBy(rule: PixelRule, observed: () => void): number[][] {
  return fixture.quota.steps.map((_, step) => {
    const [labels, confidences] = predictions(step);
    rule.observe(labels, confidences);
    observed();
    const kept = new Array<number>(classes).fill(0);
    labels.forEach((label, i) => {
      if (label !== 255 && rule.counts(label, confidences[i]!)) kept[label]! += 1;
    });
    return kept;
  });
}

describe('the rules for pseudo-labels agree with PyTorch', () => {
  it('adaptive: the confidence follows the mean of the largest confidences of the predicted classes', () => {
    const rule = new AdaptiveThreshold(classes, fixture.adaptive);
    const found: number[] = [];
    const kept = keptBy(rule, () => found.push(rule.state[0]!));
    const { steps } = fixture.adaptive;
    expectClose(
      found,
      steps.map(({ threshold }) => threshold),
      'threshold',
      1e-6,
    );
    expect(kept).toEqual(steps.map((step) => step.kept));
  });

  it('quota: each class keeps its most confident pixels, up to its share of the labels', () => {
    const rule = new ClassQuota(labelShares, fixture.quota.share);
    expect(keptBy(rule, () => {})).toEqual(fixture.quota.steps.map(({ kept }) => kept));
  });

  it('the bank of class confidence: the mean over the steps that show a class, of both networks', () => {
    const bank = new ClassConfidence(Array.from({ length: classes }, (_, label) => `class ${label}`));
    for (const [step, expected] of fixture.bank.entries()) {
      const known = step < 2 ? 3 : 4;
      const labels = Uint8Array.from(draw(10 * step + 3, 0), (value, i) =>
        i % 7 === 0 ? 255 : Math.floor(Math.fround(value * known)),
      );
      const networks = [draw(10 * step + 4, 0), draw(10 * step + 5, 1)];
      bank.add(
        networks.map((probabilities) => ({
          total: 0,
          parts: { supervised: 0 },
          shares: {},
          trueClass: trueClassSums(probabilities, labels, classes),
        })),
      );
      expectClose(bank.values, expected, `step ${step}`, 1e-6);
    }
  });
});

describe('copy-paste', () => {
  it('draws a class with the softmax of the square root of its lack of confidence, as in PyTorch', () => {
    const { confidence, unlabelled, probabilities } = fixture.copyPaste;
    const classPixels = confidence.map((_, label) => (label === unlabelled ? 0 : 10));
    expectClose(weakClassProbabilities({ confidence, classPixels }, 0.5), probabilities, 'probabilities', 1e-6);
  });
});

describe('a quota', () => {
  /** All confidences of a class are different, so a bin holds few. */
  const sure = Float32Array.from({ length: 1000 }, (_, i) => 1 - 2 ** (-1 - i / 100));

  it('lets a class that is predicted less often than labelled keep all its pixels, even unsure ones', () => {
    const rule = new ClassQuota([0.5, 0.5], 1);
    const labels = Float32Array.from(sure, (_, i) => (i % 10 === 0 ? 1 : 0));
    rule.observe(labels, sure);
    const kept = (label: number) => labels.filter((each, i) => each === label && rule.counts(label, sure[i]!)).length;
    expect(kept(1)).toBe(100);
    expect(kept(0)).toBeGreaterThanOrEqual(500);
    expect(kept(0)).toBeLessThan(510);
    expect(rule.counts(0, sure[999]!)).toBe(true);
    expect(rule.counts(0, sure[1]!)).toBe(false);
  });

  it('gives no pseudo-label to a class without labels, and any to one that was not predicted yet', () => {
    const rule = new ClassQuota([1, 0], 1);
    rule.observe(new Float32Array(sure.length).fill(1), sure);
    expect(sure.some((confidence) => rule.counts(1, confidence))).toBe(false);
    expect(rule.counts(0, 0.3)).toBe(true);
  });

  it('keeps pixels that are all equally sure together: a confidence of 1 is not below itself', () => {
    const rule = new ClassQuota([0.2, 0.8], 1);
    rule.observe(new Float32Array(100), new Float32Array(100).fill(1));
    expect(rule.counts(0, 1)).toBe(true);
    expect(rule.counts(0, 0.99)).toBe(false);
  });

  it('remembers the steps before, so that a class may be rare in one and frequent in the next', () => {
    const rule = new ClassQuota([0.5, 0.5], 1);
    for (let step = 0; step < 20; step++) rule.observe(new Float32Array(sure.length), sure);
    rule.observe(new Float32Array(sure.length).fill(1), sure);
    // In this step, all pixels are of class 1, but in all steps together, less than half.
    expect(sure.every((confidence) => rule.counts(1, confidence))).toBe(true);
  });
});
