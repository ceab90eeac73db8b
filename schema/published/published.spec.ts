import { expect, it } from 'vitest';
import { runConfig } from '../run-config.js';
import { PUBLISHED_TABLES } from './cps-paper.js';
import { publishedFor } from './published.js';

const { CPS_VOC, CPS_CITYSCAPES } = PUBLISHED_TABLES;

const config = (method: object, split: object, backbone = 'resnet50') =>
  runConfig.parse({ dataset: 'd', method, split, network: { backbone } });

it('a run finds the number of its method, backbone and labels', () => {
  const find = (...given: Parameters<typeof config>) =>
    publishedFor(CPS_VOC, { config: config(...given), labelledImages: null })?.meanIou;
  expect(find({ name: 'cps' }, { labelledRatio: 0.125 })).toBe(0.732);
  expect(find({ name: 'cps' }, { labelledRatio: 0.125 }, 'resnet101')).toBe(0.7583);
  expect(find({ name: 'cps', on: 'labelled' }, { labelledRatio: 0.125 })).toBe(0.6999);
  expect(find({ name: 'cps_cutmix' }, { labelledImages: 662 })).toBe(0.7198);
  expect(find({ name: 'supervised' }, { labelledRatio: 0.125 }, 'resnet101')).toBe(0.7221);
  // The paper has no such numbers.
  expect(find({ name: 'supervised' }, { labelledRatio: 0.5 })).toBeUndefined();
  expect(find({ name: 'cps' }, { labelledRatio: 0.1 })).toBeUndefined();
  expect(find({ name: 'cps' }, { labelledRatio: 0.125 }, 'resnet18')).toBeUndefined();
});

it('a list is known by how many images it has', () => {
  const twin = { config: config({ name: 'cct' }, { labelledList: 'a.txt' }, 'resnet101') };
  expect(publishedFor(CPS_CITYSCAPES, { ...twin, labelledImages: 744 })?.meanIou).toBe(0.7635);
  expect(publishedFor(CPS_CITYSCAPES, { ...twin, labelledImages: 745 })).toBeNull();
  expect(publishedFor(CPS_CITYSCAPES, { ...twin, labelledImages: null })).toBeNull();
});

it('no number is there twice', () => {
  for (const { numbers } of Object.values(PUBLISHED_TABLES)) {
    const keys = numbers.map(({ meanIou: _, ...key }) => JSON.stringify(key));
    expect(new Set(keys).size).toBe(keys.length);
    expect(numbers.every(({ meanIou }) => meanIou > 0.6 && meanIou < 0.9)).toBe(true);
  }
  expect([CPS_VOC.numbers.length, CPS_CITYSCAPES.numbers.length]).toEqual([56, 50]);
});
