import { describe, expect, it } from 'vitest';
import { flag, list, oneOf, text, wholeNumber, withPart } from './url-parts.js';

describe('the parts of an address', () => {
  const pick = oneOf(['NEWEST', 'BEST'], 'NEWEST');

  it.each([
    ['a text', text, 'cps', 'cps'],
    ['one of several', pick, 'BEST', 'BEST'],
    ['a number', wholeNumber(0, 100), 7, '7'],
    ['a list', list, ['a', 'b'], 'a,b'],
    ['a flag', flag, true, 'yes'],
  ] as const)('read what they have written: %s', (_name, part, value, written) => {
    const { read, write } = part as {
      read: (text: string | null) => unknown;
      write: (value: unknown) => string | null;
    };
    expect(write(value)).toBe(written);
    expect(read(written)).toEqual(value);
  });

  it('are left out when they have their default', () => {
    expect([text.write(''), pick.write('NEWEST'), list.write([]), flag.write(false)]).toEqual(Array(4).fill(null));
    expect([text.read(null), pick.read(null), list.read(null), flag.read(null)]).toEqual(['', 'NEWEST', [], false]);
    expect(wholeNumber(0, 9).read(null)).toBeNull();
  });

  it('read anything that an edited address has', () => {
    expect(pick.read('<script>')).toBe('NEWEST');
    const step = wholeNumber(0, 100);
    expect(['1e3', '', '12.5', '-4', '999999'].map(step.read)).toEqual([null, null, null, 0, 100]);
    expect(list.read(',a,,b,')).toEqual(['a', 'b']);
  });

  it('leave the others as they are', () => {
    expect(withPart('?a=1&pick=BEST', 'pick', pick, 'NEWEST')).toBe('?a=1');
    expect(withPart('?a=1', 'text', text, 'x & y')).toBe('?a=1&text=x+%26+y');
    expect(withPart('?pick=BEST', 'pick', pick, 'NEWEST')).toBe('');
  });
});
