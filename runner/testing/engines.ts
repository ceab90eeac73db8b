import { ENGINE_NAMES, type EngineName } from '../../schema/engines.js';
import { startEngine } from '../engines/engine.js';
import { hasNativeKernels } from '../kernels/wasm/native-kernels.js';
import { DEFAULT_ENGINE_OPTIONS, type Engine } from '../tracking/engine.js';

/** Engines that every machine of the tests has; webgpu computes on Chromium's software GPU where there is no other. */
const BY_DEFAULT: readonly EngineName[] = ['cpu', 'wasm', 'webgpu'];

/** Which engines a spec runs on: the one that `npm run test:engine -- NAME` names, else those of `npm test`. */
export function enginesUnderTest(): EngineName[] {
  const named = process.env.CROSSCHECK_TEST_ENGINE;
  if (named) return [checked(named)];
  // Said by software-gpu.global-setup.ts, which fails instead where a missing part is a failure.
  return BY_DEFAULT.filter((name) => name !== 'webgpu' || !process.env.CROSSCHECK_TEST_NO_WEBGPU);
}

/**
 * Every way in which those engines compute, with how it is started: wasm once with each set of kernels that was compiled.
 * Where everything must be there (CI=true) the native set is asked for even when it is missing, which then fails.
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
