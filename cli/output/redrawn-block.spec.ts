import { expect, it } from 'vitest';
import { RedrawnBlock } from './redrawn-block.js';

it('draws over the previous lines, cut to the current width of the terminal', () => {
  const written: string[] = [];
  const terminal = { columns: 6, write: (text: string) => written.push(text) };
  const block = new RedrawnBlock(terminal);
  block.show(['a longer line', '▁▂▃▄▅▆▇█']);
  terminal.columns = 80;
  block.show(['one\x1b[31m']);
  block.show(['two', 'three']);
  block.leave();
  terminal.columns = 0;
  block.show(['four'.padEnd(100)]);
  expect(written).toEqual([
    '\x1b[2Ka long\n\x1b[2K▁▂▃▄▅▆\n\x1b[J',
    '\x1b[2A\x1b[2Kone\n\x1b[J',
    '\x1b[1A\x1b[2Ktwo\n\x1b[2Kthree\n\x1b[J',
    `\x1b[2K${'four'.padEnd(80)}\n\x1b[J`,
  ]);
});

it('keeps each line on one line of the terminal: wide characters count twice, and line breaks become spaces', () => {
  const written: string[] = [];
  const block = new RedrawnBlock({ columns: 7, write: (text: string) => written.push(text) });
  block.show(['실험 이름', 'failure: x', 'a\nb\r\nc\td']);
  block.show(['두 번째']);
  expect(written).toEqual(['\x1b[2K실험 이\n\x1b[2Kfailure\n\x1b[2Ka b c d\n\x1b[J', '\x1b[3A\x1b[2K두 번째\n\x1b[J']);
});
