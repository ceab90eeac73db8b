import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { positiveInt } from '../cli/options.js';
import { compiledFile } from '../runner/compiled/compiled-file.js';
import { writeVocLike } from './dataset/voc-like.js';

/**
 * Measures `crosscheck dataset` on images of VOC's size: the first time, when it checks every file, and the second time, when
 * it remembers them. Prints one JSON line; the exit code is 1 if one of them needs more than it may. CPU seconds count, because
 * other programs slow down everything else. `npm run bench:dataset -- --help` lists the settings.
 */
const ALLOWED = {
  /** 60 s on two cores for 10,582 images. */
  coldCpuMsPerImage: 11,
  warmSeconds: 3,
  peakMb: 500,
};
/** Younger files are not trusted to be unchanged. */
const SETTLED_MS = 2500;
const PYTHON = '/usr/bin/python3';

const options = new Command('bench:dataset')
  .description('Measures how long `crosscheck dataset` takes. The last line of the output is JSON.')
  .option('--images <count>', 'images to generate', positiveInt, 10_582)
  .option('--folder <dir>', 'where to keep them for the next time (default: in the folder for temporary files)')
  .parse()
  .opts<{ images: number; folder?: string }>();

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = options.folder ?? join(tmpdir(), `crosscheck-bench-voc-${options.images}`);
await generate(folder);
const home = await mkdtemp(join(tmpdir(), 'crosscheck-bench-home-'));
try {
  const load = Math.round(loadavg()[0]! * 100) / 100;
  const cold = await measured();
  const warm = await measured();
  const { images } = options;
  const coldCpuMsPerImage = Math.round((cold.cpuSeconds * 10_000) / images) / 10;
  console.log(
    JSON.stringify({
      bench: 'dataset',
      node: process.version,
      loadAtStart: load,
      images,
      cold,
      warm,
      coldCpuMsPerImage,
      reference: reference(),
      allowed: ALLOWED,
    }),
  );
  const peakMb = Math.max(cold.peakMb, warm.peakMb);
  if (coldCpuMsPerImage > ALLOWED.coldCpuMsPerImage || peakMb > ALLOWED.peakMb) process.exitCode = 1;
  if (warm.cpuSeconds > ALLOWED.warmSeconds) process.exitCode = 1;
} finally {
  await rm(home, { recursive: true });
}

async function generate(to: string): Promise<void> {
  const finished = join(to, 'finished');
  if (existsSync(finished)) return;
  console.error(`generating ${options.images} images in ${to}`);
  await writeVocLike(to, options.images);
  await writeFile(finished, '');
  await sleep(SETTLED_MS);
}

/** Runs the command once. Memory is the peak of the whole process, with its threads. */
async function measured() {
  const usage = pathToFileURL(compiledFile('./dataset/usage.js', import.meta.url)).href;
  const started = performance.now();
  const { stderr } = await run(
    process.execPath,
    ['--import', usage, join(root, 'cli/crosscheck.mjs'), 'dataset', folder, '--home', home],
    { maxBuffer: 2 ** 26 },
  );
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(stderr.trim().split('\n').at(-1)!);
  const cpuSeconds = Math.round((userCPUTime + systemCPUTime) / 1e5) / 10;
  return { seconds, cpuSeconds, peakMb: Math.round(maxRSS / 1024) };
}

/** The same files, only decoded, by Pillow; null if it is not installed. */
function reference(): unknown {
  if (spawnSync(PYTHON, ['-c', 'import numpy, PIL']).status !== 0) return null;
  const { stdout } = spawnSync(PYTHON, [join(root, 'bench/dataset/reference.py'), folder], { encoding: 'utf8' });
  return JSON.parse(stdout);
}
