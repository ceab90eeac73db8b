import { expect, it } from 'vitest';
import { counted, listed, listedClasses, pathIn } from './words.js';

it('counts things', () => {
  expect([0, 1, 10_582].map((count) => counted(count, 'image'))).toEqual(['0 images', '1 image', '10,582 images']);
});

it('lists some names, and says how many more there are', () => {
  expect(listed(['a', 'b'], 2)).toBe('a, b');
  expect(listed(['a', 'b', 'c'], 1, ' = ')).toBe('a and 2 more');
});

it('lists at most 25 classes, and fewer if their names are long', () => {
  const classes = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name}${index}`);
  expect(listedClasses(classes(25, 'c'))).toMatch(/c24$/);
  expect(listedClasses(classes(182, 'c'))).toMatch(/c24 and 157 more$/);
  expect(listedClasses(classes(182, 'x'.repeat(120)))).toMatch(/x3 and 178 more$/);
  expect(listedClasses(['x'.repeat(600), 'b'])).toBe(`${'x'.repeat(600)} and 1 more`);
});

it('names a path inside a folder', () => {
  expect(pathIn('/data/voc', '/data/voc/JPEGImages/a.jpg')).toBe('JPEGImages/a.jpg');
});
