import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPhrases, PHRASES } from './phrases.js';

const root = join(import.meta.dirname, '../..');

const TEXT = /(?:\.(?:tsx?|mjs|graphql|md|ya?ml|py|sh|cc|h|html|css)|Dockerfile|\.env\.example|^\.ci\/run)$/;
/** Generated files, migrations (which are never edited once merged), and the list itself. */
const LEFT_OUT = /^(?:schema\/generated\/|schema\/schema\.graphql$|migrations\/\d|dev\/english\/)/;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => TEXT.test(file) && !LEFT_OUT.test(file) && existsSync(join(root, file)));

describe('the text of this repository', () => {
  it('has none of the phrases in dev/english/phrases.ts', () => {
    expect(files.length).toBeGreaterThan(500);
    const found = files.flatMap((file) =>
      findPhrases(readFileSync(join(root, file), 'utf8')).map(
        ({ line, found, instead }) => `${file}:${line}: "${found}"; write: ${instead}`,
      ),
    );
    expect(found).toEqual([]);
  });
});

describe('the list of phrases', () => {
  it.each(PHRASES.map((phrase) => [phrase.example, phrase] as const))('finds "%s"', (example, { pattern }) => {
    expect(example).toMatch(pattern);
    expect(findPhrases(`first line\n${example}`)[0]).toMatchObject({ line: 2 });
  });

  it('finds a phrase that crosses a line break in a comment', () => {
    expect(findPhrases('/**\n * A label that is\n * no class.\n */')).toMatchObject([
      { line: 2, found: 'is no class' },
    ]);
  });

  it.each([
    'There is no GPU, and there are none to add. Is there no token?',
    'A run is no longer queued. No one is no more than a person.',
    'There are so many images that a check takes minutes.',
    'A mean over 8 images. How many images a dataset has. It runs a step for each line.',
    'Two lines. A batch of images and a network.',
    'A fake that stands in for the server.',
    'It throws the old file away.',
    'null if there is none; activation is None',
    'The token is shown only once.',
    'A runner that is silent for a whole lease is OFFLINE.',
    'The ratio must lie in (0, 1].',
  ])('passes correct English: %s', (text) => {
    expect(findPhrases(text)).toEqual([]);
  });
});
