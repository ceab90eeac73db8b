// Compiles the wasm engine's own kernels: AssemblyScript → dist/runner/engines/wasm/kernels.wasm.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../../..');
const output = join(root, 'dist/runner/engines/wasm/kernels.wasm');

const files = {};
const { error, stderr } = await asc.main(
  [
    'runner/engines/wasm/kernels/assembly/index.ts',
    ...['--outFile', 'kernels.wasm', '--textFile', 'kernels.wat'],
    ...['--importMemory', '--runtime', 'stub', '--use', 'abort=', '--noAssert', '--enable', 'simd'],
    ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--baseDir', root],
  ],
  {
    writeFile: (name, contents) => {
      files[name] = contents;
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

mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, files['kernels.wasm']);
