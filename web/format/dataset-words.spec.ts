import { beforeAll, expect, test } from 'vitest';
import { loadLanguage } from '../messages/language.js';
import { datasetWords } from './dataset-words.js';

beforeAll(() => loadLanguage('en'));

const camvid = {
  __typename: 'Dataset' as const,
  ...{ trainImages: 367, valImages: 101, testImages: 233, unlabelledImages: 0, classes: new Array(11) },
};

test('a dataset is described by its images and classes', () => {
  expect(datasetWords(camvid)).toBe('367 training images, 101 validation, 233 test; 11 classes');
  expect(datasetWords({ ...camvid, unlabelledImages: 2000 })).toBe(
    '367 training images (+ 2,000 without labels), 101 validation, 233 test; 11 classes',
  );
});
