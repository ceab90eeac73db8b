import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodePalettePng } from './images/png.js';
import { BLACK_RED, classes, GROUND, labelsOf, RUST, smallDatasets } from './testing/small-datasets.js';
import { colours, gray, openDetected, picture, written } from './testing/small-files.js';

const { changed, problemsWith, folders } = smallDatasets();
const json = JSON.stringify;

describe('label values', () => {
  it('0 and 255 only in val or test leave nothing to measure', async () => {
    const masks = {
      'val/labels/c.png': gray([0, 255]),
      'test/images/d.png': picture(),
      'test/labels/d.png': gray([255]),
    };
    const advice = '"values": {"0": "ground", "1": "rust", "255": "rust"}';
    expect(await problemsWith(masks)).toEqual([
      'the val labels hold only "ground" and ignored pixels, so nothing can be measured; their values are 0 and 255: if 255 means ' +
        `"rust", say so in classes.json: ${advice}`,
      'no pixel of the test label has a class: all are ignored',
    ]);
    const values = JSON.parse(`{${advice}}`);
    const dataset = await changed({ ...masks, 'classes.json': json({ ...classes(GROUND, RUST), ...values }) });
    expect([...(await dataset.load('VAL', 'c')).labels.slice(0, 2)]).toEqual([0, 1]);
  });

  it('0 and 255 in some labels are reported, unless the others have ignored pixels of 255 too', async () => {
    const masks = { 'train/labels/a.png': gray([0, 255]), 'train/labels/b.png': gray([0, 1]) };
    expect((await changed(masks)).descriptor.warnings).toEqual([
      '1 label (a) with only the values 0 and 255, of which 255 is ignored, while others have more classes: if 255 means "rust", ' +
        'say so in classes.json: "values": {"0": "ground", "1": "rust", "255": "rust"}',
    ]);
    const borders = { ...masks, 'train/labels/b.png': gray([0, 1, 255]) };
    expect((await changed(borders)).descriptor.warnings).toEqual([]);
    const values = { 0: 'ground', 1: 'rust', 255: 'rust' };
    const listed = json({ ...classes(GROUND, RUST), values });
    expect((await changed({ ...masks, 'classes.json': listed })).descriptor.warnings).toEqual([]);
  });

  it('must all be listed in "values", which must not contradict ignore_index and ids', async () => {
    const problemsOfList = (list: object) => problemsWith({ 'classes.json': json(list) });
    const both = { 0: 'ground', 1: 'rust' };
    expect(await problemsOfList({ ...classes(GROUND, RUST), values: { 255: 'rust' } })).toEqual([
      'values: no value means ground; list every value that the labels hold, such as "0": "ground"',
    ]);
    expect(await problemsOfList({ ...classes(GROUND, RUST), values: both, ignore_index: 1 })).toEqual([
      'ignore_index: 1 means "rust" in "values"; leave one of them out',
    ]);
    const swapped = classes({ ...GROUND, id: 1 }, { ...RUST, id: 0 });
    expect(await problemsOfList({ ...swapped, values: both })).toEqual([
      'values.1: 1 means "rust", but is the id of "ground"; leave out the ids, or correct one of them',
      'values.0: 0 means "ground", but is the id of "rust"; leave out the ids, or correct one of them',
    ]);
    const same = classes({ ...GROUND, id: 0 }, { ...RUST, id: 1 });
    const dataset = await changed({ 'classes.json': json({ ...same, values: { ...both, 9: null }, ignore_index: 9 }) });
    expect(await labelsOf(dataset, 'a')).toEqual([0, 1, 0, 1]);
  });
});

describe('labels in colour', () => {
  it('are refused if the classes have no colours', async () => {
    const inColour = colours(BLACK_RED.map(({ color }) => color));
    const example = '{"classes": [{"name": "class 0", "color": [0, 0, 0]}, {"name": "class 1", "color": [128, 0, 0]}]}';
    expect((await problemsWith({ 'train/labels/a.png': inColour }))[0]).toBe(
      'train/labels/a.png: is in colour, but the dataset does not list the colours of its classes; write them in classes.json, ' +
        `with your names, such as ${example}`,
    );
  });

  it('lists of the same colours have different fingerprints if one also counts for palettes', async () => {
    const folder = await written({
      ...{ 'images/a.png': picture(), 'masks/a.png': await encodePalettePng(new Uint8Array(12), 4, 3, BLACK_RED, 2) },
      ...{ 'labelmap.txt': 'ground:0,0,0::\nrust:128,0,0::\n' },
    });
    folders.push(folder);
    const { fingerprint } = (await openDetected(folder)).descriptor;
    const listed = classes(...BLACK_RED);
    await writeFile(join(folder, 'classes.json'), json(listed));
    expect((await openDetected(folder)).descriptor.fingerprint).not.toBe(fingerprint);
  });
});
