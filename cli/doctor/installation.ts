import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasNativeKernels } from '../../runner/kernels/wasm/native-kernels.js';
import { packageRoot } from '../../server/package-root.js';
import parts from '../install/parts.json' with { type: 'json' };
import { type Finding, messageOf, missing, ok, warning } from './check.js';
import { findChromium } from './chromium.js';
import { probe } from './probe.js';

/** Figure: docs/performance.md. */
const WITHOUT_KERNELS = 'a training step on the processor takes about 1.8 times as long';

const BUILT = [
  { file: 'server/app.js', what: 'the server' },
  { file: 'runner/train-process.js', what: 'the runner' },
  { file: 'runner/kernels/wasm/kernels.wasm', what: 'the kernels of the wasm engine' },
];
const DASHBOARD = 'web/index.html';

export function build(dist = join(packageRoot, 'dist')): Finding {
  const lacking = BUILT.filter(({ file }) => !existsSync(join(dist, file))).map(({ what }) => what);
  const remedy = 'run "npm run build"';
  if (lacking.length > 0) {
    return missing(`not built: ${lacking.join(', ')}`, { cost: 'parts that are not built do not start', remedy });
  }
  if (existsSync(join(dist, DASHBOARD))) return ok(dist);
  return warning('not built: the dashboard', { cost: 'the server has no pages, only the API', remedy });
}

/** One of the compilers that build-native.mjs looks for. @param compiled whether the kernels are already compiled */
export function compiler(compiled = hasNativeKernels()): Finding {
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'];
  const found = names.find((name) => name && spawnSync(name, ['--version']).status === 0);
  if (found) return ok(found);
  if (compiled) return ok('none; the native kernels are already compiled');
  const remedy = 'install one (Debian: apt-get install g++) and run "npm run build:kernels"';
  return warning('none', { cost: `no native kernels: ${WITHOUT_KERNELS}`, remedy });
}

export async function nativeKernels(): Promise<Finding> {
  if (!hasNativeKernels()) {
    const remedy = 'run "npm run build:kernels", which needs a C++ compiler';
    return warning('not compiled', { cost: WITHOUT_KERNELS, remedy });
  }
  try {
    return ok((await probe('kernels')).join(', '));
  } catch (error) {
    const remedy = 'delete dist/runner/kernels/wasm/kernels.node and run "npm run build:kernels"';
    return warning(`they do not load: ${messageOf(error)}`, { cost: WITHOUT_KERNELS, remedy });
  }
}

export async function images(): Promise<Finding> {
  try {
    return ok(`sharp ${await probe('sharp')}`);
  } catch (error) {
    return missing(`sharp does not load: ${messageOf(error)}`, parts.sharp);
  }
}

export function browser(): Finding {
  const found = findChromium();
  if (found) return ok(found);
  return warning('no Chromium', {
    cost: 'the browser tests of "npm test" fail; nothing else needs it',
    remedy: 'install it (Debian: apt-get install chromium), or set CHROMIUM to its path',
  });
}
