import { expect, it } from 'vitest';
import { describeOffer, featuresOf } from './features.js';

const adapter = (names: string[], info = {}) => ({
  features: new Set(names),
  limits: { maxStorageBufferBindingSize: 2 ** 32 - 4 },
  info,
});

it('requests what an adapter has of the optional features, and nothing else', () => {
  const some = adapter(['shader-f16', 'timestamp-query', 'texture-compression-bc']);
  expect(featuresOf(some)).toEqual(['timestamp-query', 'shader-f16']);
  expect(featuresOf(adapter([]))).toEqual([]);
});

it('says what an adapter offers and what it lacks', () => {
  const all = adapter(['timestamp-query', 'subgroups', 'shader-f16'], { subgroupMinSize: 32, subgroupMaxSize: 32 });
  expect(describeOffer(all)).toBe('timestamp queries, subgroups of 32 threads, f16, tensors of up to 4.0 GiB');
  const some = adapter(['subgroups'], { subgroupMinSize: 8, subgroupMaxSize: 32 });
  expect(describeOffer(some)).toBe(
    'no timestamp queries, subgroups of 8 to 32 threads, no f16, tensors of up to 4.0 GiB',
  );
});
