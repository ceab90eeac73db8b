import { expect, it } from 'vitest';
import { OutputTail } from './output-tail.js';

it('keeps the last lines, however they arrive, and makes those of a logger readable', () => {
  const tail = new OutputTail();
  for (let line = 1; line <= 20; line++) tail.add(`line ${line}\n`);
  tail.add('half');
  tail.add(
    ' a line\n\n{"level":60,"err":{"message":"the disk is full","stack":"at …"},"msg":"it did not start"}\n{odd',
  );
  const lines = tail.toString().split('\n');
  expect(lines[0]).toBe('line 11');
  expect(lines.slice(-3)).toEqual(['half a line', 'it did not start: the disk is full', '{odd']);
});
