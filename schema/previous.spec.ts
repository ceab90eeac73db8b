import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ACCEPTED } from './previous/accepted.js';
import { deprecatedIn, refusedDifferences } from './previous/differences.js';

const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8');
const previousText = read('previous/schema.graphql');
const current = buildSchema(read('schema.graphql'));
const { version } = JSON.parse(read('../package.json')) as { version: string };

describe('the API of the previous version', () => {
  it('still works: nothing is gone that was not deprecated, and nothing has changed', () => {
    // Mend the schema if you can: docs/decisions/0025-old-arguments-and-fields.md says how.
    expect(refusedDifferences(buildSchema(previousText), current)).toEqual(Object.keys(ACCEPTED).sort());
  });

  const files = readdirSync(join(import.meta.dirname, 'previous/operations'), { recursive: true, encoding: 'utf8' });
  const documents = files.filter((file) => file.endsWith('.graphql')).map((file) => `previous/operations/${file}`);
  const folders = [...new Set(documents.map((file) => file.split('/').at(-2)!))];

  it.each(folders)('executes the documents of the previous %s', (folder) => {
    const texts = documents.filter((file) => file.includes(`/${folder}/`)).map(read);
    expect(validate(current, parse(texts.join('\n'))).map(({ message }) => message)).toEqual([]);
  });

  it('has documents of every client', () => expect(folders.sort()).toEqual(['cli', 'runner', 'web']));
});

describe('a deprecation', () => {
  const all = [...deprecatedIn(current)];

  it.each(all)('of %s says what to use instead, and until when it works', (_place, reason) => {
    const removed = /^Use .+\. Removed in (\d+)\.(\d+)\.$/.exec(reason);
    expect(removed, reason).not.toBeNull();
    const [major, minor] = version.split('.').map(Number);
    const minors = (Number(removed![1]) - major!) * 1000 + Number(removed![2]) - minor!;
    // If this fails, its time has come: remove what the name of this test says.
    expect(minors).toBeGreaterThan(0);
  });

  it('is found', () => expect(all.length).toBeGreaterThan(0));
});

describe('the comparison with the previous version', () => {
  const before = buildSchema(`
    enum Color { RED GREEN @deprecated(reason: "Use RED.") BLUE }
    input Size { width: Int height: Int @deprecated(reason: "Use width.") depth: Int }
    type Query {
      color(old: Int @deprecated(reason: "Use new."), new: Int, kept: Int = 1): Color
      gone: Int @deprecated(reason: "Use color.")
      area(size: Size): Int
    }
  `);
  const differences = (text: string) => refusedDifferences(before, buildSchema(text));

  it('allows what was deprecated to be removed, and additions', () => {
    expect(
      differences(`
        enum Color { RED BLUE WHITE }
        input Size { width: Int depth: Int weight: Int }
        type Query { color(new: Int, kept: Int = 1, more: Int): Color, area(size: Size): Int, other: Int }
      `),
    ).toEqual([]);
  });

  it.each([
    ['a field', 'color(new: Int, kept: Int = 1): Color', ['Query.area was removed.']],
    ['an argument', 'color(kept: Int = 1): Color, area(size: Size): Int', ['Query.color arg new was removed.']],
    [
      'a type',
      'color(new: Int, kept: Int = 1): String, area(size: Size): Int',
      ['Query.color changed type from Color to String.'],
    ],
    [
      'a default',
      'color(new: Int, kept: Int = 2): Color, area(size: Size): Int',
      ['Query.color arg kept has changed defaultValue from 1 to 2.'],
    ],
    [
      'a new required argument',
      'color(new: Int, kept: Int = 1): Color, area(size: Size, unit: String!): Int',
      ['A required arg unit on Query.area was added.'],
    ],
  ])('refuses %s', (_what, fields, expected) => {
    const types = 'enum Color { RED BLUE } input Size { width: Int depth: Int }';
    expect(differences(`${types} type Query { ${fields} }`)).toEqual(expected);
  });

  it('refuses a value of an enum, an input field, a required one, and a type', () => {
    const fields = 'color(new: Int, kept: Int = 1): Color, area(size: Size): Int';
    expect(differences(`enum Color { RED } input Size { width: Int weight: Int! } type Query { ${fields} }`)).toEqual([
      'A required field weight on input type Size was added.',
      'BLUE was removed from enum type Color.',
      'Size.depth was removed.',
    ]);
    const without = buildSchema('type Query { a: Int }');
    expect(refusedDifferences(buildSchema('type Old { a: Int } type Query { a: Int }'), without)).toEqual([
      'Old was removed.',
    ]);
  });
});
