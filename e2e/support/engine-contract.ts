/** Arguments of Vitest that select everything that training needs from an engine, on `CROSSCHECK_TEST_ENGINE`. */
export const ENGINE_CONTRACT: readonly string[] = [
  ...['runner', 'gpu', 'gpu-alone'].flatMap((name) => ['--project', name]),
  'runner/operations/',
  'runner/kernels/',
  'runner/engines/',
  'runner/networks/',
  'runner/training/branches/engine.spec.ts',
];

/** The part of it that computes on the engine `webgpu`. */
export const GPU_CONTRACT: readonly string[] = [
  ...['--project', 'gpu'],
  'runner/operations/',
  'runner/kernels/wgsl/',
  'runner/engines/engine.spec.ts',
  'runner/engines/webgpu/',
  'runner/networks/network.spec.ts',
  'runner/training/branches/engine.spec.ts',
];
