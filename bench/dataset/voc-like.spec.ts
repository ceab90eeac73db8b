import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { compiledFile } from '../../runner/compiled/compiled-file.js';
import { inspectDataset } from '../../runner/data/inspect/inspect-dataset.js';
import { writeVocLike } from './voc-like.js';

it("generates images and labels of VOC's size that can be used", async () => {
  const directory = await mkdtemp(join(tmpdir(), 'crosscheck-voc-like-'));
  try {
    await writeVocLike(directory, 16);
    const { inspection } = await inspectDataset({ name: 'voc', kind: 'voc', directory });
    expect(inspection.problems).toEqual([]);
    expect(inspection.duplicates).toEqual([]);
    const [train, val, ...others] = inspection.parts;
    expect(others).toEqual([]);
    expect(train).toMatchObject({ part: 'TRAIN', images: 14, sizes: [{ width: 500, height: 375, images: 14 }] });
    expect(val).toMatchObject({ part: 'VAL', images: 2, sizes: [{ width: 500, height: 375, images: 2 }] });
    expect(train!.classes.filter(({ images }) => images > 0).length).toBeGreaterThan(5);
  } finally {
    await rm(directory, { recursive: true });
  }
});

it('the bench rejects --images 0, which would measure nothing', async () => {
  const script = compiledFile('../dataset.js', import.meta.url);
  const refused = promisify(execFile)(process.execPath, [script, '--images', '0']);
  await expect(refused).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("argument '0' is invalid. must be a whole number of at least 1."),
  });
});
