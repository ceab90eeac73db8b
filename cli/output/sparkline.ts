const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** Filled eighths of a cell, from none to seven. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/** A value that is NaN or infinite. */
const NO_NUMBER = '×';

/**
 * A curve as one line of at most `width` characters, the lowest value at the bottom and the highest at the top. The steps are divided
 * into equal parts, of which each shows its last value.
 * @param steps ascending
 * @param values as long as the steps; NaN and infinities are shown as ×
 */
export function sparkline(steps: readonly number[], values: readonly number[], width: number): string {
  if (values.length === 0) return '';
  const [first, range] = [steps[0]!, Math.max(1, steps.at(-1)! - steps[0]!)];
  const shown = new Array<number | undefined>(Math.min(width, values.length)).fill(undefined);
  for (const [i, step] of steps.entries()) {
    const place = Math.min(shown.length - 1, Math.floor(((step - first) / range) * shown.length));
    shown[place] = values[i]!;
  }
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  let before = NO_NUMBER;
  return shown
    .map((value) => {
      // Nothing was reported in this part.
      if (value !== undefined) before = levelOf(value, low, high);
      return before;
    })
    .join('');
}

function levelOf(value: number, low: number, high: number): string {
  if (!Number.isFinite(value)) return NO_NUMBER;
  const level = high > low ? ((value - low) / (high - low)) * (LEVELS.length - 1) : 0;
  return LEVELS[Math.round(level)]!;
}

/** A share in [0, 1] as a bar of `width` characters, with spaces behind it. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  return ('█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]).padEnd(width);
}
