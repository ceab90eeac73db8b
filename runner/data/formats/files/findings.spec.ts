import { rm } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { problemsOf } from '../../testing/problems.js';
import { type Content, gray, openDetected, picture, TWO_CLASSES, written } from '../../testing/small-files.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function open(files: Record<string, Content>) {
  const folder = await written(files);
  folders.push(folder);
  return openDetected(folder);
}

const warningsWith = async (files: Record<string, Content>) => (await open(files)).descriptor.warnings;
/** The problems, with paths in the folder. */
const problemsWith = async (files: Record<string, Content>) =>
  (await problemsOf(open(files))).map((line) => line.replaceAll(`${folders.at(-1)}/`, ''));

it('labels with blurred edges are called so, and not classes', async () => {
  // Over 20 pixels, from one class to the other.
  const step = (at: number) => Math.min(255, Math.max(0, (at - 5) * 25));
  const ramp = Array.from({ length: 20 }, (_, at) => step(at));
  const advice =
    'that change in small steps, so their edges are probably blurred by scaling, antialiasing or lossy compression; scale labels ' +
    'with nearest neighbour, and save them as PNG';
  const asked = 'does not say what the classes are; write classes.json with their names (docs/datasets.md). ';
  const mask = gray(ramp, 20, 2);
  expect(await problemsWith({ 'images/a.png': picture(20, 2), 'masks/a.png': mask })).toEqual([
    `${asked}The labels have 12 values ${advice}`,
  ]);
  const red = sharp(
    Uint8Array.from({ length: 120 }, (_, at) => (at % 3 === 0 ? step(Math.floor(at / 3) % 20) : 9)),
    {
      raw: { width: 20, height: 2, channels: 3 },
    },
  );
  const coloured = { 'images/a.png': picture(20, 2), 'masks/a.png': red };
  expect(await problemsWith(coloured)).toEqual([`${asked}The labels are in colour, and have 12 colours ${advice}`]);
  expect(await problemsWith({ ...coloured, 'classes.json': TWO_CLASSES })).toEqual([
    `masks/a.png: is in colour, with 12 colours ${advice}`,
  ]);
});

it('photographs among the labels are called so', async () => {
  const swapped = { 'images/a.png': gray([0, 1], 20, 20), 'masks/a.png': picture(20, 20), 'classes.json': TWO_CLASSES };
  expect((await problemsWith(swapped))[0]).toMatch(
    /^masks\/a.png: is in colour, with more than 255 colours, as photographs have, or labels whose edges were blurred by/,
  );
});

it('thermal images that were stretched one by one are reported, also if they are read as RGB', async () => {
  const trees = (images: string, labels: string, narrow: number, stretched: number) => {
    const files: Record<string, Content> = {};
    for (let id = 0; id < narrow + stretched; id++) {
      const subset = id % 2 === 0 ? 'train' : 'val';
      files[`${images}/${subset}/${id}.png`] = gray(id < narrow ? [3, 254] : [0, 7, 255]);
      files[`${labels}/${subset}/${id}.png`] = gray([0, 1]);
    }
    return files;
  };
  const advice =
    ' from the lowest to the highest possible value, so each was probably stretched on its own: the same temperature then has ' +
    'another value in each; use the values of the camera';
  const classes = { 'classes.json': TWO_CLASSES };
  const one = { 'classes.json': JSON.stringify({ ...JSON.parse(TWO_CLASSES), channels: 1 }) };
  expect(await warningsWith({ ...trees('image', 'mask', 0, 5), ...classes })).toEqual([
    `every thermal image goes${advice}`,
  ]);
  expect(await warningsWith({ ...trees('image', 'mask', 0, 4), ...classes })).toEqual([]);
  expect(await warningsWith({ ...trees('images', 'masks', 1, 9), ...one })).toEqual([`9 of 10 images go${advice}`]);
  expect(await warningsWith({ ...trees('images', 'masks', 2, 8), ...one })).toEqual([]);
  // Gray pictures of other layouts may be no temperatures.
  expect(await warningsWith({ ...trees('images', 'masks', 0, 5), ...classes })).toEqual([]);
});
