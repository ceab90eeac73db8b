import { expect, it } from 'vitest';
import { parameterWords } from './parameter-words.js';

it('says how many parameters the networks have, and both numbers if they differ', () => {
  expect(parameterWords({ parameters: 1234 })).toBe('1,234 parameters per network');
  expect(parameterWords({ parameters: 1234, secondParameters: null })).toBe('1,234 parameters per network');
  expect(parameterWords({ parameters: 1234, secondParameters: 56_789 })).toBe(
    '1,234 parameters in network 1, 56,789 in network 2',
  );
});
