import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseRunConfig, type RunConfig, type RunConfigInput } from '../../../schema/run-config.js';
import { countLabelled } from '../augment/class-sampling.js';
import type { OpenDataset, StepBatches } from '../dataset.js';
import { asConfigured } from '../images/rescale.js';
import { openDataset } from '../open.js';
import { drawSplit } from '../splits/splits.js';
import { makeSmallFolder } from '../testing/small-folder.js';
import { createLoader, type Loader, type Streams } from './loader.js';
import { buffersOf } from './loader-messages.js';
import { openLoaderThread } from './loader-thread.js';

const STREAMS: Streams = { unlabelled: true, mix: 'own order', strongViews: 1 };

let shapes: OpenDataset;
const opened: Loader[] = [];

beforeAll(async () => {
  shapes = await openDataset({ name: 'shapes', kind: 'shapes', directory: null });
});

afterEach(async () => {
  for (const loader of opened.splice(0)) await loader.close();
});

function configOf(changes: Partial<RunConfigInput> = {}): RunConfig {
  const result = parseRunConfig({
    dataset: 'shapes',
    split: { labelledRatio: 0.125 },
    method: { name: 'cps_cutmix' },
    augmentation: { crop: [32, 32] },
    training: { batchLabelled: 2, batchUnlabelled: 3 },
    ...changes,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

async function open(dataset: OpenDataset, config: RunConfig, streams = STREAMS, ratio = 0.5): Promise<Loader> {
  const split = drawSplit(dataset.ids('TRAIN'), ratio, 0);
  const loader = await openLoaderThread({ dataset, split, config, streams });
  opened.push(loader);
  return loader;
}

/** Hashes of the values, because comparing lists of many thousands of numbers is slow. */
function bytesOf(batches: StepBatches): string[] {
  return buffersOf(batches).map((buffer) => createHash('sha256').update(new Uint8Array(buffer)).digest('hex'));
}

describe('the loader in a thread', { timeout: 60_000 }, () => {
  it.each([1, 0.5])(
    'returns the same batches as a loader without a thread, at scale %d, in any order',
    async (imageScale) => {
      const config = configOf({ data: { imageScale } });
      const thread = await open(shapes, config);
      const split = drawSplit(shapes.ids('TRAIN'), 0.5, 0);
      const plain = createLoader({
        dataset: asConfigured(shapes, { imageScale, applyOrientation: false }),
        split,
        config,
        streams: STREAMS,
      });
      const steps = [7, 0, 1, 2];
      const answers = await Promise.all(steps.map((step) => thread.batch(step)));
      for (const [i, step] of steps.entries()) expect(bytesOf(answers[i]!)).toEqual(bytesOf(await plain.batch(step)));
    },
  );

  it('returns the same batches with rare class sampling', async () => {
    const config = configOf({ balance: { sampling: { share: 0.5 } } });
    const split = drawSplit(shapes.ids('TRAIN'), 0.5, 0);
    const classPixels = await countLabelled(shapes, split.labelled);
    const wanted = { dataset: shapes, split, config, streams: STREAMS, classPixels };
    const thread = await openLoaderThread(wanted);
    opened.push(thread);
    const plain = createLoader(wanted);
    for (const step of [3, 0]) expect(bytesOf(await thread.batch(step))).toEqual(bytesOf(await plain.batch(step)));
  });

  it('works while this thread is blocked', async () => {
    const loader = await open(shapes, configOf({ training: { batchLabelled: 2, batchUnlabelled: 200 } }));
    await loader.batch(0);
    const cpuMs = (before: NodeJS.CpuUsage) => {
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    let before = process.cpuUsage();
    await loader.batch(0);
    const neededMs = cpuMs(before);
    const beside = loader.batch(0);
    before = process.cpuUsage();
    // This thread only sleeps, so the CPU time of the process is spent on the batch.
    const sleeping = new Int32Array(new SharedArrayBuffer(4));
    for (let i = 0; i < 100 && cpuMs(before) < neededMs / 3; i++) Atomics.wait(sleeping, 0, 0, 200);
    expect(cpuMs(before)).toBeGreaterThan(neededMs / 3);
    await beside;
  });

  it('passes on an error with its message, and keeps working', async () => {
    const directory = await makeSmallFolder();
    const folder = await openDataset({ name: 'small', kind: 'folder', directory });
    const loader = await open(folder, configOf(), { unlabelled: true, mix: false, strongViews: 0 });
    const image = join(directory, 'train', 'images', 'a.png');
    await writeFile(image, 'not an image');
    await expect(loader.batch(0)).rejects.toThrow(`${image}: cannot be decoded`);
    await expect(loader.batch(0.5)).rejects.toThrow('a step must be an integer of at least 0; got 0.5');
    await rm(directory, { recursive: true });
  });

  it('refuses to start when createLoader refuses, and when the dataset has changed its classes or has gone', async () => {
    await expect(open(shapes, configOf(), STREAMS, 1)).rejects.toThrow('"cps_cutmix" trains on unlabelled images');
    const directory = await makeSmallFolder();
    const folder = await openDataset({ name: 'small', kind: 'folder', directory });
    const file = join(directory, 'classes.json');
    const { classes, ...rest } = JSON.parse(await readFile(file, 'utf8'));
    const more = { classes: [...classes, { id: 2, name: 'more', color: [1, 2, 3] }] };
    for (const [changed, now] of [
      [more, 'are now ground, thing, more with ignore index 200'],
      [{ classes, ignore_index: 100 }, 'are now ground, thing with ignore index 100'],
    ] as const) {
      await writeFile(file, JSON.stringify({ ...rest, ...changed }));
      await expect(open(folder, configOf())).rejects.toThrow(now);
    }
    await rm(directory, { recursive: true });
    await expect(open(folder, configOf())).rejects.toThrow('no such folder');
  });

  it('rejects pending and new requests once closed', async () => {
    const loader = await open(shapes, configOf());
    const waiting = loader.batch(0);
    await Promise.all([loader.close(), expect(waiting).rejects.toThrow('the loader is closed')]);
    await expect(loader.batch(1)).rejects.toThrow('the loader is closed');
  });

  it('forgets one dataset before it opens the next in the same thread', async () => {
    const config = configOf();
    const first = await open(shapes, config);
    await first.batch(0);
    await first.close();
    const directory = await makeSmallFolder();
    const folder = await openDataset({ name: 'small', kind: 'folder', directory });
    const streams: Streams = { unlabelled: true, mix: false, strongViews: 0 };
    const second = await open(folder, config, streams);
    const plain = createLoader({ dataset: folder, split: drawSplit(folder.ids('TRAIN'), 0.5, 0), config, streams });
    expect(bytesOf(await second.batch(0))).toEqual(bytesOf(await plain.batch(0)));
    await expect(first.batch(0)).rejects.toThrow('the loader is closed');
    await rm(directory, { recursive: true });
  });
});
