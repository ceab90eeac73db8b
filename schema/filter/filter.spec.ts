import { describe, expect, it } from 'vitest';
import { parseFilter } from './parse.js';
import { printFilter } from './print.js';
import type { Comparison, Filter, FilterField, FilterOp, FilterScalar } from './tree.js';

const filterOf = (text: string): Filter => parseFilter(text).filter;
const eq = (path: string, value: FilterScalar): Comparison => ({ field: { path }, op: 'eq', value });
const errorOf = (text: string): string => {
  try {
    parseFilter(text);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};

describe('a filter as text', () => {
  it.each<[string, Filter]>([
    ['method = cps', eq('method', 'cps')],
    ['method=cps', eq('method', 'cps')],
    ['name = "too high a rate"', eq('name', 'too high a rate')],
    ['name = "a \\"b\\" \\\\ c"', eq('name', 'a "b" \\ c')],
    ['태그 = 열화상', eq('태그', '열화상')],
    ['network.stem = 7x7', eq('network.stem', '7x7')],
    ['network.width >= .25', { field: { path: 'network.width' }, op: 'ge', value: 0.25 }],
    ['optimiser.learningRate < 1e-4', { field: { path: 'optimiser.learningRate' }, op: 'lt', value: 1e-4 }],
    ['priority > -3', { field: { path: 'priority' }, op: 'gt', value: -3 }],
    ['duration <= 2h', { field: { path: 'duration' }, op: 'le', value: 7200 }],
    ['duration in (90s, 5m, 1.5d)', { field: { path: 'duration' }, op: 'in', value: [90, 300, 129_600] }],
    ['archived', eq('archived', true)],
    ['archived = FALSE', eq('archived', false)],
    ['name contains "x"', { field: { path: 'name' }, op: 'contains', value: 'x' }],
    ['name STARTSWITH x', { field: { path: 'name' }, op: 'startsWith', value: 'x' }],
    ['method != cps', { not: eq('method', 'cps') }],
    ['method in (cps, gct)', { field: { path: 'method' }, op: 'in', value: ['cps', 'gct'] }],
    ['method not in (cps)', { not: { field: { path: 'method' }, op: 'in', value: ['cps'] } }],
    ['miou is known', { field: { score: 'miou' }, op: 'known' }],
    ['miou is not known', { not: { field: { score: 'miou' }, op: 'known' } }],
    [
      'miou(subset: TEST, pick: best) > 70%',
      { field: { score: 'miou', subset: 'TEST', pick: 'best' }, op: 'gt', value: 0.7 },
    ],
    [
      'iou("traffic light", network: ensemble) < 7%',
      { field: { score: 'iou', class: 'traffic light', network: 'ensemble' }, op: 'lt', value: 0.07 },
    ],
    ['recall(7) = 0', { field: { score: 'recall', class: '7' }, op: 'eq', value: 0 }],
    ['last("loss_cross/branch1") > 2', { field: { metric: 'loss_cross/branch1', of: 'last' }, op: 'gt', value: 2 }],
    ['mean100(loss) < 1', { field: { metric: 'loss', of: 'mean100' }, op: 'lt', value: 1 }],
    ['alarm', { field: { alarm: null }, op: 'eq', value: true }],
    ['not alarm(takeover)', { not: { field: { alarm: 'takeover' }, op: 'eq', value: true } }],
    ['alarm(active: true)', { field: { alarm: null, active: true }, op: 'eq', value: true }],
    ['config("learning rate") = 1', eq('config.learning rate', 1)],
    ['"camvid"', { field: { path: 'name' }, op: 'contains', value: 'camvid' }],
    ['"17"', { or: [{ field: { path: 'name' }, op: 'contains', value: '17' }, eq('number', 17)] }],
    ['a = 1 and b = 2 and c = 3', { and: [eq('a', 1), eq('b', 2), eq('c', 3)] }],
    ['a = 1 or b = 2 and c = 3', { or: [eq('a', 1), { and: [eq('b', 2), eq('c', 3)] }] }],
    ['(a = 1 or b = 2) AND not c = 3', { and: [{ or: [eq('a', 1), eq('b', 2)] }, { not: eq('c', 3) }] }],
    ['not not a', { not: { not: eq('a', true) } }],
  ])('%s', (text, expected) => {
    expect(filterOf(text)).toEqual(expected);
    expect(filterOf(printFilter(expected))).toEqual(expected);
  });

  it('knows where each comparison begins', () => {
    const { filter, characters } = parseFilter('state = running and (step > 3)');
    const [first, second] = (filter as { and: Comparison[] }).and;
    expect([characters.get(first!), characters.get(second!)]).toEqual([1, 22]);
  });

  it.each([
    ['', 'character 1: expected a condition, such as state = completed; got the end'],
    ['state =', 'character 8: expected a value; got the end'],
    ['state = and', 'character 9: expected a value; got and; names that are keywords need quotes'],
    ['state = running step > 3', 'character 17: expected "and", "or" or the end; got step'],
    ['(state = running', 'character 17: expected "and", "or" or ")"; got the end'],
    ['state = running)', 'character 16: expected "and", "or" or the end; got )'],
    ['= 3', 'character 1: expected the name of a field; got ='],
    ['and state = running', 'character 1: expected the name of a field; got and; names that are keywords need quotes'],
    ['state is running', 'character 10: expected "known" or "not known"; got running'],
    ['state not running', 'character 11: expected "in"; got running'],
    ['state in running', 'character 10: expected "(" and the values; got running'],
    ['state in (running', 'character 18: expected "," or ")"; got the end'],
    ['state in ()', 'character 11: expected a value; got )'],
    ['name = "x', 'character 8: this quote has no end; inside quotes, write \\" for a quote and \\\\ for a backslash'],
    ["name = 'x'", "character 8: texts are in double quotes; got '"],
    ['!a', 'character 1: write != for "is not equal to", or "not" before a condition; got !'],
    ['a = 1 && b = 2', 'character 7: "&" has no meaning here; put texts in double quotes'],
    ['iou() < 1', 'character 1: iou(…) needs a class in its brackets'],
    ['iou(a, b) < 1', 'character 8: "b" needs a name, such as network: b'],
    ['iou(a, netwrok: b) < 1', 'character 8: there is no "netwrok:"; allowed: network, subset, pick'],
    ['iou(a, network: b, network: c) < 1', 'character 20: "network" was given before'],
    ['miou(car) < 1', 'character 6: miou is of several classes, so it has no "car"; for one class, write iou(…)'],
    ['last(loss, subset: val) < 1', 'character 12: there is no "subset:"; there are none here'],
    ['alarm(drop, active: maybe)', 'character 21: "active" is true or false; got maybe'],
    [
      'average(loss) < 1',
      'character 1: "average" has no brackets; these have: last, min, max, mean10, mean100, iou, precision, recall, miou, rare_miou, accuracy, alarm, config',
    ],
    [`${'not '.repeat(10)}a`, 'character 37: conditions may be nested 10 levels deep'],
    ['x'.repeat(4001), 'character 4001: must have at most 4000 characters; got 4001'],
  ])('%s is wrong', (text, message) => {
    expect(errorOf(text)).toBe(message);
  });
});

/** Numbers in [0, 1) that are the same in every run of the test. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a filter', () => {
  const NAMES = [
    'loss',
    'traffic light',
    'a "b" \\',
    '차',
    'in',
    '7',
    '5%',
    'x.y',
    'true',
    '',
    'not',
    'miou',
    'alarm',
    'ß–',
  ];

  function randomFilter(draw: () => number, level: number): Filter {
    const pick = <T>(values: readonly T[]): T => values[Math.floor(draw() * values.length)]!;
    const kind = level > 3 ? 1 : draw();
    if (kind < 0.2) return { not: randomFilter(draw, level + 1) };
    if (kind < 0.6) {
      const parts = Array.from({ length: 2 + Math.floor(draw() * 2) }, () => randomFilter(draw, level + 1));
      return draw() < 0.5 ? { and: parts } : { or: parts };
    }
    const value = (): FilterScalar =>
      pick<FilterScalar>([pick(NAMES), draw() * 10 ** Math.floor(draw() * 40 - 20), -17, 0.07, true, false, 1e21]);
    const where = {
      ...(draw() < 0.3 && { network: pick(NAMES) }),
      ...(draw() < 0.3 && { subset: pick(NAMES) }),
      ...(draw() < 0.3 && { pick: pick(NAMES) }),
    };
    const field = pick<FilterField>([
      { path: pick(['state', 'network.width', 'config.learning rate', 'config.miou', '속도', 'config.not']) },
      { metric: pick(NAMES), of: pick(['last', 'min', 'mean10'] as const) },
      { score: 'recall', class: pick(NAMES), ...where },
      { score: 'miou', ...where },
      { alarm: draw() < 0.3 ? null : pick(NAMES), ...(draw() < 0.5 && { active: draw() < 0.5 }) },
    ]);
    const op = pick<FilterOp>(['eq', 'lt', 'le', 'gt', 'ge', 'in', 'contains', 'startsWith', 'known']);
    if (op === 'known') return { field, op };
    return { field, op, value: op === 'in' ? Array.from({ length: 1 + Math.floor(draw() * 3) }, value) : value() };
  }

  it('is the same after it was printed and parsed, whatever it is', () => {
    const draw = draws(7);
    for (let turn = 0; turn < 3000; turn++) {
      const filter = randomFilter(draw, 0);
      const text = printFilter(filter);
      expect(filterOf(text), text).toEqual(filter);
    }
  });
});
