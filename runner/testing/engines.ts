import { ENGINE_NAMES, type EngineName } from '../../schema/engines.js';
import { startEngine } from '../engines/engine.js';
import { hasNativeKernels } from '../kernels/wasm/native-kernels.js';
import { DEFAULT_ENGINE_OPTIONS, type Engine } from '../tracking/engine.js';

/** Engines that every test machine has. Without a GPU, webgpu uses Chromium's software GPU. */
const BY_DEFAULT: readonly EngineName[] = ['cpu', 'wasm', 'webgpu'];

/** The engines that a spec runs on: the one in `npm run test:engine -- NAME`, or else the default ones. */
export function enginesUnderTest(): EngineName[] {
  const named = process.env.CROSSCHECK_TEST_ENGINE;
  if (named) return [checked(named)];
  // Set by software-gpu.global-setup.ts. With CI=true it fails instead.
  return BY_DEFAULT.filter((name) => name !== 'webgpu' || !process.env.CROSSCHECK_TEST_NO_WEBGPU);
}

/**
 * Those engines by name, each with a function that starts it; wasm once per compiled set of kernels. With CI=true the native
 * set is included even if it was not compiled, so that the tests fail.
 */
export function computationsUnderTest(): [name: string, start: () => Promise<Engine>][] {
  return enginesUnderTest().flatMap((name): ReturnType<typeof computationsUnderTest> => {
    if (name !== 'wasm') return [[name, () => startEngine(name)]];
    const sets = hasNativeKernels() || process.env.CI === 'true' ? (['native', 'simd'] as const) : (['simd'] as const);
    return sets.map((kernels) => [
      `wasm (${kernels})`,
      () => startEngine(name, { ...DEFAULT_ENGINE_OPTIONS, kernels }),
    ]);
  });
}

function checked(name: string): EngineName {
  const known = ENGINE_NAMES.find((engine) => engine === name);
  if (!known) throw new Error(`CROSSCHECK_TEST_ENGINE is "${name}"; allowed: ${ENGINE_NAMES.join(', ')}`);
  return known;
}
