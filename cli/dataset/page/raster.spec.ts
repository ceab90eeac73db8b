import { expect, it } from 'vitest';
import { drawBox, highlight, sampled } from './raster.js';

const COLOUR = [200, 100, 0];
const gray = (width: number, height: number) => ({
  ...{ width, height },
  rgb: new Uint8Array(width * height * 3).fill(100),
});
/** Whether each pixel of the picture is the outline, inside, or faded. */
const drawn = ({ rgb }: { rgb: Uint8Array }) =>
  Array.from({ length: rgb.length / 3 }, (_, i) => {
    const red = rgb[3 * i]!;
    return red === 200 ? 'o' : red > 100 ? 'i' : 'f';
  }).join('');

it('outlines and colours the pixels of a class, and fades the others', () => {
  const picture = gray(5, 5);
  const labels = Uint8Array.from('0000001110011100111000000', Number);
  highlight(picture, { width: 5, height: 5, labels }, 1, COLOUR);
  expect(drawn(picture)).toBe('fffff' + 'fooof' + 'foiof' + 'fooof' + 'fffff');
  expect([...picture.rgb.subarray(36, 39)]).toEqual([125, 100, 75]);
  expect([...picture.rgb.subarray(0, 3)]).toEqual([38, 38, 38]);
});

it('shows a single pixel in a smaller picture, and fills a larger one', () => {
  const labels = new Uint8Array(100);
  labels[99] = 1;
  const small = gray(2, 2);
  highlight(small, { width: 10, height: 10, labels }, 1, COLOUR);
  // At the border of the picture there is no outline.
  expect(drawn(small)).toBe('fffo');
  const large = gray(4, 2);
  highlight(large, { width: 2, height: 1, labels: Uint8Array.of(0, 1) }, 1, COLOUR);
  expect(drawn(large)).toBe('ffoiffoi');
});

it('outlines a dark class in white', () => {
  const picture = gray(2, 1);
  highlight(picture, { width: 2, height: 1, labels: Uint8Array.of(0, 1) }, 0, [0, 0, 0]);
  expect([...picture.rgb.subarray(0, 3)]).toEqual([255, 255, 255]);
});

it('draws a label in the wanted size', () => {
  const values = [1, 2, 3, 4];
  const at = (width: number, height: number, side: number) => {
    const picture = sampled({ width, height }, side, (position) => [values[position]!, 0, 0]);
    return [picture.width, picture.height, picture.rgb.filter((_, i) => i % 3 === 0).join('')];
  };
  expect(at(2, 2, 4)).toEqual([4, 4, '1122112233443344']);
  expect(at(4, 1, 2)).toEqual([2, 1, '24']);
  expect(at(1, 4, 4)).toEqual([1, 4, '1234']);
});

it('frames a place, within the picture', () => {
  const picture = gray(12, 12);
  drawBox(picture, 0.5, { left: 20, top: 12, right: 24, bottom: 14 });
  const framed = [...picture.rgb.keys()].filter((i) => i % 3 === 2 && picture.rgb[i] === 10).map((i) => (i - 2) / 3);
  const [columns, rows] = [framed.map((i) => i % 12), framed.map((i) => Math.floor(i / 12))];
  expect([Math.min(...columns), Math.max(...columns)]).toEqual([6, 11]);
  expect([Math.min(...rows), Math.max(...rows)]).toEqual([2, 11]);
});
