import { rm } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../schema/run-config.js';
import { type Content, gray, openDetected, picture, smallFiles, written } from '../data/testing/small-files.js';
import { Recorder, tinyEngine, tinyRun } from '../testing/tiny.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** Pictures of 4x3 pixels, to be turned by a quarter. */
const tagged = (orientation = 6) => picture().jpeg().withMetadata({ orientation }).toBuffer();
const asStored = gray([0, 1]);
const asTurned = gray([0, 1], 3, 4);

/** Trains on a folder of the images a and b in train and c in val, with some files changed. Null removes one. */
async function trained(changes: Record<string, Content | null>, applyOrientation: boolean, method = 'supervised') {
  const files = Object.entries({ ...smallFiles(), ...changes }).filter(
    (entry): entry is [string, Content] => !!entry[1],
  );
  const root = await written(Object.fromEntries(files));
  folders.push(root);
  const config = {
    ...{ dataset: 'data', split: { labelledImages: 1 }, method: { name: method }, data: { applyOrientation } },
    training: { iterations: 2, sampleImages: 0 },
  } as Partial<RunConfigInput>;
  const tracker = new Recorder();
  const { end } = await tinyRun(config, { on: await openDetected(root), engine: await tinyEngine(), tracker });
  return { end, steps: tracker.series('loss').length, alarms: tracker.all('alarm').map(({ message }) => message) };
}

const refused = (reason: string) => ({ end: { outcome: 'failed', reason: expect.stringContaining(reason) }, steps: 0 });
const replaced = async (subset: string, id: string, label: Content) => ({
  [`${subset}/images/${id}.png`]: null,
  [`${subset}/images/${id}.jpg`]: await tagged(),
  [`${subset}/labels/${id}.png`]: label,
});

describe('labels with the size of turned pictures', async () => {
  const all = {
    ...{ ...(await replaced('train', 'a', asTurned)), ...(await replaced('train', 'b', asTurned)) },
    ...(await replaced('val', 'c', asTurned)),
  };

  it('are refused before the first step unless the run turns the pictures', async () => {
    expect(await trained(all, false)).toMatchObject(
      refused(
        'data.applyOrientation is false, but 2 images of this run fit their labels only when turned, such as train',
      ),
    );
  });

  it('train when the run turns the pictures, and nothing looks wrong', async () => {
    expect(await trained(all, true)).toMatchObject({ end: { outcome: 'completed' }, steps: 2, alarms: [] });
  });

  it('are refused in val, too', async () => {
    const val = await replaced('val', 'c', asTurned);
    expect(await trained(val, false)).toMatchObject(
      refused('such as val c with the EXIF orientation 6; set it to true'),
    );
  });

  it('do not matter in images that the run does not use', async () => {
    // The split labels b.
    const hidden = await replaced('train', 'a', asTurned);
    expect(await trained(hidden, false)).toMatchObject({ end: { outcome: 'completed' }, steps: 2 });
    expect(await trained(hidden, false, 'cps')).toMatchObject(refused('such as train a'));
  });
});

describe('labels with the size of stored pictures', () => {
  it('are refused before the first step if the run turns the pictures', async () => {
    const val = await replaced('val', 'c', asStored);
    expect(await trained(val, true)).toMatchObject(
      refused('data.applyOrientation is true, but 1 image of this run fits its label only as stored, such as val c'),
    );
    expect(await trained(val, false)).toMatchObject({ end: { outcome: 'completed' }, steps: 2, alarms: [] });
  });
});

describe('labels that fit both', () => {
  it('are a warning unless the run turns the pictures', async () => {
    const half = { 'val/images/c.png': null, 'val/images/c.jpg': await tagged(3) };
    const warning = expect.stringMatching(/^1 image with an EXIF orientation tag \(3 in c\)/);
    expect((await trained(half, false)).alarms).toContainEqual(warning);
    expect((await trained(half, true)).alarms).not.toContainEqual(warning);
  });
});
