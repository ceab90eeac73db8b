import { spawnSync } from 'node:child_process';
import { ENGINE_NAMES } from '../schema/engines.js';
import { ENGINE_CONTRACT } from './support/engine-contract.js';

/**
 * `npm run test:engine -- tensorflow|webgpu|wasm|cpu` tests everything that training needs from an engine, on this machine. Run it
 * on a new kind of GPU before training on it.
 */
const engine = process.argv[2] ?? '';
if (ENGINE_NAMES.some((name) => name === engine)) {
  const env = { ...process.env, CROSSCHECK_TEST_ENGINE: engine };
  const run = spawnSync('npx', ['vitest', 'run', ...ENGINE_CONTRACT], { stdio: 'inherit', env });
  process.exitCode = run.status ?? 1;
} else {
  console.error(`"${engine}" is not an engine; use: npm run test:engine -- ${ENGINE_NAMES.join('|')}`);
  process.exitCode = 2;
}
