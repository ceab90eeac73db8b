import { describe, expect, it } from 'vitest';
import type { FilterCatalog } from './catalog.js';
import { checkFilter } from './check.js';
import { ALARM_KINDS, NETWORKS, SUBSETS } from './names.js';
import { parseFilter } from './parse.js';
import { parseField, parseSort } from './parse-lists.js';
import { EXPECTED, FILTER_MISTAKES } from './reasons.js';
import { FilterError } from './tree.js';

const catalog: FilterCatalog = {
  fields: new Map([
    ['name', { types: ['text'] }],
    ['state', { types: ['text'], values: ['QUEUED', 'RUNNING'], ignoresCase: true }],
    ['number', { types: ['number'] }],
    ['created', { types: ['time'] }],
    ['archived', { types: ['boolean'] }],
  ]),
  settings: new Map([
    ['network.width', { types: ['number'] }],
    ['network.stem', { types: ['text'] }],
  ]),
  series: ['loss', 'lr'],
  classes: ['road', 'pole'],
  networks: NETWORKS,
  subsets: SUBSETS,
  alarms: ALARM_KINDS,
};

function mistakeIn(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof FilterError) return error.mistake;
    throw error;
  }
  throw new Error('nothing is wrong');
}

const whole = (text: string) => () => {
  const { filter, characters } = parseFilter(text);
  return checkFilter(filter, catalog, (comparison) => characters.get(comparison));
};

const mistakes: [string, string, object][] = [
  ['', 'UNEXPECTED_END', { expected: 'CONDITION' }],
  ['name =', 'UNEXPECTED_END', { expected: 'VALUE' }],
  ['name = and', 'UNEXPECTED_KEYWORD', { expected: 'VALUE', token: 'and' }],
  ['name = a )', 'UNEXPECTED_TOKEN', { expected: 'AND_OR_OR_END', token: ')' }],
  ['name in ("a" "b")', 'UNEXPECTED_TEXT', { expected: 'COMMA_OR_BRACKET', token: 'b' }],
  ['(name = a', 'UNEXPECTED_END', { expected: 'AND_OR_OR_BRACKET' }],
  ['name is new', 'UNEXPECTED_TOKEN', { expected: 'KNOWN_OR_NOT_KNOWN', token: 'new' }],
  ['name is not new', 'UNEXPECTED_TOKEN', { expected: 'KNOWN', token: 'new' }],
  ['name not a', 'UNEXPECTED_TOKEN', { expected: 'IN', token: 'a' }],
  ['name in a', 'UNEXPECTED_TOKEN', { expected: 'LIST', token: 'a' }],
  ['= 3', 'UNEXPECTED_TOKEN', { expected: 'FIELD', token: '=' }],
  ['name = "a', 'QUOTE_NOT_CLOSED', {}],
  ["name = 'a'", 'SINGLE_QUOTE', {}],
  ['name ! a', 'EXCLAMATION_MARK', {}],
  ['name = $', 'UNEXPECTED_CHARACTER', { character: '$' }],
  ['a'.repeat(10_001), 'TOO_LONG', { characters: 10_001 }],
  ['('.repeat(200), 'TOO_DEEP', {}],
  [Array(300).fill('name = a').join(' or '), 'TOO_MANY_COMPARISONS', {}],
  ['sate = queued', 'UNKNOWN_FIELD', { name: 'sate', nearest: 'state' }],
  ['something = 1', 'UNKNOWN_FIELD', { name: 'something', nearest: null }],
  ['network = 1', 'GROUP_OF_SETTINGS', { name: 'network', settings: ['network.width', 'network.stem'] }],
  ['last("los") > 1', 'UNKNOWN_SERIES', { name: 'los', nearest: 'loss', known: ['loss', 'lr'] }],
  ['iou(sky) > 1', 'UNKNOWN_CLASS', { name: 'sky', nearest: null, known: ['road', 'pole'] }],
  ['miou(network: branch3) > 1', 'UNKNOWN_NETWORK', { name: 'branch3', nearest: 'BRANCH1', known: NETWORKS }],
  ['miou(subset: vall) > 1', 'UNKNOWN_SUBSET', { name: 'vall', nearest: 'VAL', known: SUBSETS }],
  ['miou(pick: first) > 1', 'UNKNOWN_PICK', { name: 'first', nearest: null, known: ['NEWEST', 'BEST'] }],
  ['alarm(drops)', 'UNKNOWN_ALARM', { name: 'drops', nearest: 'DROP' }],
  ['alarm(drop, active: 1)', 'ACTIVE_NOT_BOOLEAN', { value: '1' }],
  ['iou > 1', 'UNKNOWN_FIELD', { name: 'iou' }],
  ['iou() > 1', 'ARGUMENT_NEEDED', { name: 'iou', needed: 'CLASS' }],
  ['miou(road) > 1', 'NO_ARGUMENT', { score: 'miou', argument: 'road' }],
  ['name(a) = b', 'NO_BRACKETS', { name: 'name' }],
  ['iou(road, pick: best, pick: best) > 1', 'ARGUMENT_TWICE', { name: 'pick' }],
  ['iou(road, val) > 1', 'ARGUMENT_NOT_NAMED', { argument: 'val' }],
  ['last(loss, pick: best) > 1', 'NO_NAMED_ARGUMENTS', { name: 'pick' }],
  ['iou(road, step: 1) > 1', 'UNKNOWN_ARGUMENT', { name: 'step', known: ['network', 'subset', 'pick'] }],
  ['name < a', 'OPERATOR_NOT_FOR_TYPE', { field: 'name', types: ['text'], operator: '<' }],
  ['number = a', 'WRONG_TYPE', { field: 'number', types: ['number'], value: 'a' }],
  ['name = 3', 'TEXT_NOT_QUOTED', { field: 'name', types: ['text'], value: 3 }],
  ['name', 'NOT_BOOLEAN', { field: 'name', types: ['text'] }],
  ['created > soon', 'NOT_A_TIME', { field: 'created', value: 'soon' }],
  [
    'state = queud',
    'UNKNOWN_VALUE',
    { field: 'state', name: 'queud', nearest: 'QUEUED', known: ['QUEUED', 'RUNNING'] },
  ],
];

describe('a mistake in a filter', () => {
  it.each(mistakes)('%.60s: %s', (text, reason, params) => {
    expect(mistakeIn(whole(text))).toMatchObject({ reason, params });
  });

  it('in a list of fields has a reason, too', () => {
    expect(mistakeIn(() => parseField('name, state'))).toMatchObject({ reason: 'SEVERAL_FIELDS' });
    expect(mistakeIn(() => parseField('name state'))).toMatchObject({ params: { expected: 'COMMA_OR_END' } });
    const sort = mistakeIn(() => parseSort('name up'));
    expect(sort).toMatchObject({ params: { expected: 'DIRECTION_COMMA_OR_END', token: 'up' } });
    expect(sort.message).toBe(`expected ${EXPECTED.DIRECTION_COMMA_OR_END}; got up`);
  });

  it('in a tree has one', () => {
    const field = { path: 'number' };
    const tree = (filter: Parameters<typeof checkFilter>[0]) => mistakeIn(() => checkFilter(filter, catalog));
    expect(tree({ and: [] })).toMatchObject({ reason: 'NO_CONDITIONS' });
    expect(tree({ field, op: 'known', value: 1 })).toMatchObject({ reason: 'NO_VALUE_ALLOWED', params: { value: 1 } });
    expect(tree({ field, op: 'eq' })).toMatchObject({ reason: 'VALUE_NEEDED', params: { field: 'number' } });
    expect(tree({ field, op: 'eq', value: [1] })).toMatchObject({ reason: 'ONE_VALUE_NEEDED' });
    expect(tree({ field, op: 'in', value: [] })).toMatchObject({ reason: 'NUMBER_OF_VALUES', params: { count: 0 } });
    expect(tree({ field, op: 'eq', value: Number.NaN })).toMatchObject({
      reason: 'NOT_FINITE',
      params: { value: 'NaN' },
    });
    expect(tree({ field: { score: 'iou' }, op: 'known' })).toMatchObject({ reason: 'CLASS_NEEDED' });
    expect(tree({ field: { score: 'miou', class: 'road' }, op: 'known' })).toMatchObject({ reason: 'NO_CLASS' });
  });

  it('has a message without gaps, whatever it is', () => {
    for (const [text] of mistakes) expect(mistakeIn(whole(text)).message).not.toMatch(/%\{|undefined|\[object/);
    const tested = new Set(mistakes.map(([, reason]) => reason));
    expect(
      Object.keys(FILTER_MISTAKES)
        .filter((reason) => !tested.has(reason))
        .sort(),
    ).toEqual([
      'CLASS_NEEDED',
      'NOT_FINITE',
      'NOT_IN_GROUPS',
      'NO_CLASS',
      'NO_CONDITIONS',
      'NO_VALUE_ALLOWED',
      'NUMBER_OF_VALUES',
      'ONE_VALUE_NEEDED',
      'SEVERAL_FIELDS',
      'VALUE_NEEDED',
    ]);
  });
});
