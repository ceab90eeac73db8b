import { styleText } from 'node:util';

const COLORS = {
  dev: 'cyan',
  build: 'yellow',
  schema: 'magenta',
  kernels: 'yellow',
  server: 'green',
  web: 'blue',
  runner: 'gray',
} as const;

export type Part = keyof typeof COLORS;

const WIDTH = Math.max(...Object.keys(COLORS).map((part) => part.length));

export const colorful = process.stdout.isTTY === true && !process.env.NO_COLOR;

/** Prints the lines of a text, each prefixed with its part. Empty lines are left out. */
export function say(part: Part, text: string): void {
  const name = part.padEnd(WIDTH);
  const prefix = colorful ? styleText(COLORS[part], name) : name;
  for (const line of text.split('\n')) if (line.trim()) console.log(`${prefix} ${line.trimEnd()}`);
}

export function secondsSince(startMs: number): string {
  return `${((Date.now() - startMs) / 1000).toFixed(1)} s`;
}
