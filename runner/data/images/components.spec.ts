import { expect, it } from 'vitest';
import { randomStream } from '../../random/random.js';
import { componentSizes, componentsOf } from './components.js';

/** A label drawn in letters: a is class 0, b is class 1, anything else is ignored. */
function drawn(...rows: string[]): [Uint8Array, number, number] {
  const labels = Uint8Array.from(rows.join(''), (letter) => ({ a: 0, b: 1 })[letter] ?? 255);
  return [labels, rows[0]!.length, rows.length];
}

it('counts the pixels of each component, by size, and ignores other values', () => {
  const label = drawn('aa.bb', 'a...b', '..a..', 'b....');
  // The pixel in the middle touches no other.
  expect(componentSizes(...label, 2)).toEqual([
    [1, 1, 3, 1],
    [1, 1, 3, 1],
  ]);
  expect(componentSizes(...label, 1)).toEqual([[1, 1, 3, 1]]);
  expect(componentSizes(...drawn('a.a', '...', 'a.a'), 2)).toEqual([[1, 4], []]);
});

it('connects pixels that touch at a corner, and arms that meet further down', () => {
  expect(componentSizes(...drawn('a..', '.a.', '..a'), 2)).toEqual([[3, 1], []]);
  expect(componentSizes(...drawn('..a', '.a.', 'a..'), 2)).toEqual([[3, 1], []]);
  expect(componentSizes(...drawn('a.a.a', 'a.a.a', 'aaaaa'), 2)).toEqual([[11, 1], []]);
  // A row does not continue in the next one.
  expect(componentSizes(...drawn('..a', 'a..'), 2)).toEqual([[1, 2], []]);
});

it('says where the components are, in the order of their first pixels', () => {
  expect(componentsOf(...drawn('.aa.b', '..a.b', '.....', 'bbb..'), 2)).toEqual([
    { class: 0, size: 3, left: 1, top: 0, right: 3, bottom: 2 },
    { class: 1, size: 2, left: 4, top: 0, right: 5, bottom: 2 },
    { class: 1, size: 3, left: 0, top: 3, right: 3, bottom: 4 },
  ]);
});

it.each([
  [1, 1],
  [1, 300],
  [300, 1],
  [181, 97],
])('finds the components that a flood fill finds in noise of %ix%i', (width, height) => {
  const random = randomStream(1, width, height);
  const labels = Uint8Array.from({ length: width * height }, () => random.int(3));
  const sizes = flooded(labels, width, height);
  const expected = [0, 1].map((index) => {
    const ofClass = sizes.filter((each) => each.class === index).map(({ size }) => size);
    const distinct = [...new Set(ofClass)].sort((a, b) => a - b);
    return distinct.flatMap((size) => [size, ofClass.filter((each) => each === size).length]);
  });
  expect(componentSizes(labels, width, height, 2)).toEqual(expected);
});

function flooded(labels: Uint8Array, width: number, height: number): { class: number; size: number }[] {
  const seen = new Uint8Array(labels.length);
  const components: { class: number; size: number }[] = [];
  for (let start = 0; start < labels.length; start++) {
    if (seen[start] || labels[start]! > 1) continue;
    const open = [start];
    seen[start] = 1;
    let size = 0;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      size++;
      const [x, y] = [at % width, Math.floor(at / width)];
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (seen[next] || labels[next] !== labels[start]) continue;
          seen[next] = 1;
          open.push(next);
        }
      }
    }
    components.push({ class: labels[start]!, size });
  }
  return components;
}
