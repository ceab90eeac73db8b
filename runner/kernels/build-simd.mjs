// Compiles the wasm engine's AssemblyScript kernels → dist/runner/kernels/wasm/kernels.wasm, and kernels.relaxed.wasm for
// versions of Node with relaxed SIMD, which can multiply and add in one instruction.
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const source = join(here, 'assembly');
const output = join(root, 'dist/runner/kernels/wasm');

if (!upToDate()) {
  await compile('kernels.wasm', ['simd']);
  await compile('kernels.relaxed.wasm', ['simd', 'relaxed-simd']);
}

function upToDate() {
  const outputs = ['kernels.wasm', 'kernels.relaxed.wasm'].map((name) => join(output, name));
  if (!outputs.every((file) => existsSync(file))) return false;
  const made = Math.min(...outputs.map((file) => statSync(file).mtimeMs));
  // package.json pins the compiler.
  const settings = [fileURLToPath(import.meta.url), join(root, 'package.json')];
  const sources = [...settings, ...readdirSync(source).map((file) => join(source, file))];
  return sources.every((file) => statSync(file).mtimeMs < made);
}

async function compile(name, features) {
  const files = {};
  const { error, stderr } = await asc.main(
    [
      'runner/kernels/assembly/index.ts',
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
  // The module works in the memory of TensorFlow.js: its own data would overwrite the engine's.
  if (/\(data /.test(files['kernels.wat']))
    throw new Error(
      'the kernels must not contain data: remove strings and static arrays from runner/kernels/assembly/',
    );
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, name), files['kernels.wasm']);
}
