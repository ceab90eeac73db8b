import {
  buildSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../schema.js';

interface Entry {
  /** `Type`, `Type.field`, `Type.field(argument)`, `Enum.VALUE` or `@directive`. */
  place: string;
  description: string | null | undefined;
}

/** Everything in a schema that can have a description, except what every GraphQL schema has. */
function entriesOf(schema: GraphQLSchema): Entry[] {
  const entries: Entry[] = [];
  const add = (place: string, { description }: { description?: string | null }) => entries.push({ place, description });
  for (const directive of schema.getDirectives()) {
    if (isSpecifiedDirective(directive)) continue;
    add(`@${directive.name}`, directive);
    for (const argument of directive.args) add(`@${directive.name}(${argument.name})`, argument);
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    add(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) add(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) add(`${type.name}.${field.name}`, field);
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      add(`${type.name}.${field.name}`, field);
      for (const argument of field.args) add(`${type.name}.${field.name}(${argument.name})`, argument);
    }
  }
  return entries;
}

const FILLERS = ['a', 'an', 'the', 'of', 'its', 'this', 'that', 'is', 'for', 'to', 'in', 'with', 'and'];

function wordsOf(text: string): string[] {
  const words =
    text
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words.map((word) => word.replace(/s$/, ''));
}

/** Whether the description says no more than the name: "The name of the run." for `Run.name`. */
function repeatsName({ place, description }: Entry): boolean {
  const known = new Set([...wordsOf(place), ...wordsOf(FILLERS.join(' '))]);
  return wordsOf(description ?? '').every((word) => known.has(word));
}

const describedAs = ({ place, description }: Entry) => `${place}: ${description}`;

describe('the descriptions of the schema', () => {
  const entries = entriesOf(createSchema());
  const described = entries.filter(({ description }) => description?.trim());

  it('are complete', () => {
    expect(entries.filter((entry) => !described.includes(entry)).map(({ place }) => place)).toEqual([]);
  });

  it('are sentences', () => {
    expect(described.filter(({ description }) => !/^\S.*\.$/s.test(description!)).map(describedAs)).toEqual([]);
  });

  it('say more than the name', () => {
    expect(described.filter(repeatsName).map(describedAs)).toEqual([]);
  });

  it.each([
    ['first', /^(Query|Study|Evaluation)\.(runs|studies|tokens|auditLog|runGroups|images)\(first\)$/],
    ['after a cursor', /^(Query|Study)\..*\(after\)$/],
    ['before a cursor', /^(Query|Study|Evaluation)\.(runs|studies|tokens|auditLog|runGroups|images)\(before\)$/],
    ['fromStep', /\(fromStep\)$/],
    ['toStep', /\(toStep\)$/],
    ['cursor', /Edge\.cursor$/],
    ['id', /^(?!LogLine|AuditEntry|Edit|RunFilter|RunnerInstanceInput)\w+\.id$/],
    ['fence', /^(Attempt|ClaimedRun)\.fence$/],
  ])('read the same everywhere: %s', (_, pattern) => {
    const alike = entries.filter(({ place }) => pattern.test(place));
    expect(alike.length).toBeGreaterThan(1);
    expect(new Set(alike.map(({ description }) => description)).size).toBe(1);
  });
});

describe('these tests', () => {
  it('see every part of a schema', () => {
    const schema = buildSchema(`
      directive @slow(seconds: Int) on FIELD_DEFINITION
      scalar Moment
      enum Color { RED }
      input Filter { color: Color }
      interface Named { name(long: Boolean): String }
      type Query { find(filter: Filter): Moment }
    `);
    expect(
      entriesOf(schema)
        .map(({ place }) => place)
        .sort(),
    ).toEqual([
      '@slow',
      '@slow(seconds)',
      'Color',
      'Color.RED',
      'Filter',
      'Filter.color',
      'Moment',
      'Named',
      'Named.name',
      'Named.name(long)',
      'Query',
      'Query.find',
      'Query.find(filter)',
    ]);
  });

  it.each([
    ['Run.name', 'The name of the run.', true],
    ['Query.runConfigSchema', 'Config schema for runs.', true],
    ['Run.name', 'Name given by its creator.', false],
  ])('tell whether %s says more with "%s"', (place, description, repeats) => {
    expect(repeatsName({ place, description })).toBe(repeats);
  });
});
