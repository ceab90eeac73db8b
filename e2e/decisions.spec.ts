import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../docs/decisions/', import.meta.url);
const text = (file: string) => readFileSync(new URL(file, folder), 'utf8');

const files = readdirSync(folder)
  .filter((file) => file !== 'README.md')
  .sort();

/** The index's rows: number, title, file, status. */
const rows = [...text('README.md').matchAll(/^\| (\d{4}) \| \[(.+)\]\((.+)\) \| (.+) \|$/gm)].map(
  ([, number, title, file, status]) => ({ number, title, file, status }),
);

describe('the decisions', () => {
  it('are numbered without a gap', () => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(file).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
    const numbers = files.map((file) => Number(file.slice(0, 4)));
    expect(numbers).toEqual(files.map((_, index) => index + 1));
  });

  it('are all in the index, in order, with their titles', () => {
    const pages = files.map((file) => ({
      number: file.slice(0, 4),
      title: text(file).split('\n')[0]!.replace('# ', ''),
      file,
    }));
    expect(rows.map(({ number, title, file }) => ({ number, title, file }))).toEqual(pages);
  });

  it('have a status', () => {
    for (const { file, status } of rows) {
      expect(status, file).toMatch(/^(accepted(; planned: [^;|]+)?|planned|replaced by \[\d{4}\]\(\d{4}-.+\.md\))$/);
    }
  });

  it.each(files)('%s has a context, a choice and consequences', (file) => {
    const headings = ['Context', 'Choice', 'Consequence'].map((name) => text(file).indexOf(`**${name}.**`));
    expect(headings.every((at) => at >= 0)).toBe(true);
    expect(headings).toEqual([...headings].sort((a, b) => a - b));
  });
});
