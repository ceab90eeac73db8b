// Compiles the native kernels of the wasm engine: C++ → dist/runner/kernels/wasm/kernels.node. They are optional: without a
// C++ compiler this script prints one line and succeeds, and the AssemblyScript kernels are used. If the compiler fails,
// --verbose prints all of its output.
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { include_dir as nodeApi } from 'node-api-headers';

const script = fileURLToPath(import.meta.url);
const here = dirname(script);
const source = join(here, 'native');
const output = join(here, '../../dist/runner/kernels/wasm/kernels.node');

/** The instruction sets: flags, floats per vector, vector registers. Every CPU of the platform supports the first. */
const SETS = {
  x64: [
    { table: 'baselineKernels', name: 'SSE2', width: 4, registers: 16, flags: [] },
    { table: 'avx2Kernels', name: 'AVX2', width: 8, registers: 16, flags: ['-mavx2', '-mfma', '-mbmi2'] },
    {
      table: 'avx512Kernels',
      name: 'AVX-512',
      width: 16,
      registers: 32,
      flags: ['-march=skylake-avx512', '-mprefer-vector-width=512'],
    },
  ],
  arm64: [{ table: 'baselineKernels', name: 'NEON', width: 4, registers: 32, flags: [] }],
}[process.arch];

/** On Linux the C++ library is linked statically, because slim images do not have it. */
const LINK = {
  linux: ['-shared', '-pthread', '-static-libstdc++', '-static-libgcc'],
  darwin: ['-bundle', '-undefined', 'dynamic_lookup'],
}[process.platform];

const compiler = [process.env.CXX, 'c++', 'g++', 'clang++'].find(
  (name) => name && spawnSync(name, ['--version']).status === 0,
);

if (!SETS || !LINK) skip(`${process.platform}-${process.arch} is not supported`);
else if (!upToDate()) {
  // Kernels built from older sources may be incompatible with the program that calls them.
  rmSync(output, { force: true });
  if (compiler) await build();
  else skip('no C++ compiler', '; install one (Debian: apt-get install g++) and run "npm run build:kernels"');
}

function upToDate() {
  if (!existsSync(output)) return false;
  const made = statSync(output).mtimeMs;
  const sources = [script, ...readdirSync(source).map((file) => join(source, file))];
  return sources.every((file) => statSync(file).mtimeMs < made);
}

async function build() {
  const folder = mkdtempSync(join(tmpdir(), 'crosscheck-kernels-'));
  try {
    const units = [
      { file: 'addon.cc', flags: [] },
      { file: 'runtime.cc', flags: [] },
      ...SETS.map(({ table, name, width, registers, flags }) => ({
        file: 'instruction-set.cc',
        flags: [
          ...flags,
          `-DCROSSCHECK_TABLE=${table}`,
          `-DCROSSCHECK_NAME="${name}"`,
          `-DCROSSCHECK_WIDTH=${width}`,
          `-DCROSSCHECK_REGISTERS=${registers}`,
        ],
      })),
    ];
    const objects = await Promise.all(units.map((unit, index) => compile(unit, join(folder, `${index}.o`))));
    const module = join(folder, 'kernels.node');
    await run([...LINK, '-o', module, ...objects]);
    mkdirSync(dirname(output), { recursive: true });
    // Replaced atomically: running processes keep the file that they have loaded.
    const beside = `${output}.${process.pid}`;
    copyFileSync(module, beside);
    renameSync(beside, output);
  } catch (error) {
    if (process.argv.includes('--verbose')) console.error(error.stderr || error.message);
    skip(
      `${compiler} failed: ${firstError(error)}`,
      `; to see all of its output: node ${relative(process.cwd(), script)} --verbose`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compile({ file, flags }, object) {
  const common = [
    '-std=gnu++17',
    '-O3',
    '-fPIC',
    '-pthread',
    '-fno-math-errno',
    '-fno-trapping-math',
    '-Wall',
    '-Wno-psabi',
  ];
  await run([...common, ...flags, `-I${nodeApi}`, '-c', join(source, file), '-o', object]);
  return object;
}

function run(args) {
  return promisify(execFile)(compiler, args);
}

/** The line of the compiler's output that states the error. */
function firstError({ stderr, message, code }) {
  const lines = (stderr || '').split('\n').filter((line) => line.trim() !== '');
  return (
    lines.find((line) => /\berror\b/i.test(line)) ??
    lines[0] ??
    (typeof code === 'number' ? `exit code ${code}` : message)
  );
}

/** Prints why there are no native kernels. The figure is from docs/performance.md. */
function skip(reason, remedy = '') {
  console.error(
    `native kernels not built (${reason}): a training step on the processor takes about 1.8 times as long${remedy}`,
  );
}
