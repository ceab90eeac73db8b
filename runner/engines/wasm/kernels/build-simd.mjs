// Compiles the wasm engine's AssemblyScript kernels → dist/runner/engines/wasm/kernels.wasm, and kernels.relaxed.wasm for
// those versions of Node that multiply and add in one instruction.
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../../..');
const output = join(root, 'dist/runner/engines/wasm');

const builds = [
  { name: 'kernels.wasm', features: ['simd'] },
  { name: 'kernels.relaxed.wasm', features: ['simd', 'relaxed-simd'] },
];
const assembly = join(here, 'assembly');
const sources = [fileURLToPath(import.meta.url), ...readdirSync(assembly).map((file) => join(assembly, file))];

for (const { name, features } of builds) if (!upToDate(join(output, name))) await compile(name, features);

function upToDate(built) {
  if (!existsSync(built)) return false;
  const made = statSync(built).mtimeMs;
  return sources.every((file) => statSync(file).mtimeMs < made);
}

async function compile(name, features) {
  const files = {};
  const { error, stderr } = await asc.main(
    [
      'runner/engines/wasm/kernels/assembly/index.ts',
      ...['--outFile', 'kernels.wasm', '--textFile', 'kernels.wat'],
      ...['--importMemory', '--runtime', 'stub', '--use', 'abort=', '--noAssert'],
      ...features.flatMap((feature) => ['--enable', feature]),
      ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--baseDir', root],
    ],
    {
      writeFile: (file, contents) => {
        files[file] = contents;
      },
    },
  );
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
  // The module works inside TensorFlow.js's memory: data of its own would overwrite that engine's.
  if (/\(data /.test(files['kernels.wat']))
    throw new Error('the kernels must not hold data: no strings, no static arrays');
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, name), files['kernels.wasm']);
}
