import { describe, expect, it } from 'vitest';
import { comparisonStudy } from './comparison-config.js';
import { parseRecipe } from './recipe.js';
import type { StudyVariant } from './study-variants.js';

const SPLIT = { labelledImages: 22 };
const REMEDIES: StudyVariant = {
  name: 'remedies',
  methods: ['supervised', 'cps_cutmix'],
  config: { balance: { sampling: {}, weights: { name: 'median_frequency' } } },
};
const namesOf = (remedies: StudyVariant | null | undefined) => {
  const recipe = parseRecipe(comparisonStudy('mine', SPLIT, 1, remedies));
  return recipe.ok ? recipe.runs.map(({ name }) => name) : recipe.problems;
};

describe('the study of a folder', () => {
  it('is four methods by default', () => {
    expect(namesOf(undefined)).toEqual(
      ['Supervised', 'Mean Teacher', 'CPS', 'CPS + CutMix'].map((method) => `${method}, 22 images, seed 0`),
    );
    expect(comparisonStudy('mine', SPLIT, 1)).toEqual(comparisonStudy('mine', SPLIT, 1, null));
  });

  it('can train remedies in addition, and is then another study', () => {
    expect(namesOf(REMEDIES)).toEqual([
      ...(namesOf(null) as string[]),
      'Supervised + remedies, 22 images, seed 0',
      'CPS + CutMix + remedies, 22 images, seed 0',
    ]);
    expect(comparisonStudy('mine', SPLIT, 1, REMEDIES).name).not.toBe(comparisonStudy('mine', SPLIT, 1).name);
  });
});
