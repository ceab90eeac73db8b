/** Line colours, except for classes: distinct with any colour vision (Okabe & Ito 2008), on light and dark pages. */
const LINE_COLORS = ['#0f8296', '#d55e00', '#8a5fd0', '#b58900', '#cc5f93', '#4b9c2f', '#3f7fd0', '#8d7468'];

export function lineColor(index: number): string {
  return LINE_COLORS[index % LINE_COLORS.length]!;
}

const DARKEST_ON_DARK = 0.32;
const LIGHTEST_ON_LIGHT = 0.72;

/**
 * Adjusts a class colour (#rrggbb) so that its line is visible, and no more than that: near-black is mixed with white
 * on a dark page, near-white with black on a light page.
 */
export function visible(color: string, darkPage: boolean): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const lightness = 0.3 * channels[0]! + 0.59 * channels[1]! + 0.11 * channels[2]!;
  const mixed = channels.map((channel) => {
    if (darkPage && lightness < DARKEST_ON_DARK)
      return mix(channel, 1, (DARKEST_ON_DARK - lightness) / (1 - lightness));
    if (!darkPage && lightness > LIGHTEST_ON_LIGHT) return mix(channel, 0, 1 - LIGHTEST_ON_LIGHT / lightness);
    return channel;
  });
  return `#${mixed.map(hexByte).join('')}`;
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

function hexByte(channel: number): string {
  return Math.round(channel * 255)
    .toString(16)
    .padStart(2, '0');
}
