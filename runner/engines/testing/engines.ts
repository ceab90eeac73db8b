import { ENGINE_NAMES, type EngineName } from '../../tracking/messages.js';

/** Engines that every machine of the tests has; webgpu computes on Chromium's software GPU where there is no other. */
const BY_DEFAULT: readonly EngineName[] = ['cpu', 'wasm', 'webgpu'];

/** Which engines a spec runs on: the one that `npm run test:engine -- NAME` names, else those of `npm test`. */
export function enginesUnderTest(): EngineName[] {
  const named = process.env.CROSSCHECK_TEST_ENGINE;
  if (named) return [checked(named)];
  // Said by software-gpu.global-setup.ts, which fails instead where a missing part is a failure.
  return BY_DEFAULT.filter((name) => name !== 'webgpu' || !process.env.CROSSCHECK_TEST_NO_WEBGPU);
}

function checked(name: string): EngineName {
  const known = ENGINE_NAMES.find((engine) => engine === name);
  if (!known) throw new Error(`CROSSCHECK_TEST_ENGINE is "${name}"; allowed: ${ENGINE_NAMES.join(', ')}`);
  return known;
}
