import { describe, expect, it } from 'vitest';
import { visible } from './colors.js';

describe('class colours as lines', () => {
  it('keeps colours that are visible', () => {
    expect(visible('#c04040', true)).toBe('#c04040');
    expect(visible('#c04040', false)).toBe('#c04040');
  });

  it('lightens black on a dark page and darkens white on a light one', () => {
    expect(visible('#000000', true)).toBe('#525252');
    expect(visible('#ffffff', false)).toBe('#b8b8b8');
    expect(visible('#000000', false)).toBe('#000000');
  });
});
