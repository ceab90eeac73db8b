import { describe, expect, it } from 'vitest';
import type { FieldType, FilterCatalog } from './catalog.js';
import { checkFilter } from './check.js';
import { nearest } from './nearest.js';
import { parseFilter } from './parse.js';
import { printFilter } from './print.js';
import { absentSettings, settingTypes } from './settings.js';
import type { Filter } from './tree.js';

const settings = settingTypes();
const catalog: FilterCatalog = {
  fields: new Map<string, FieldType>([
    ['state', { types: ['text'], values: ['QUEUED', 'RUNNING', 'COMPLETED'], ignoresCase: true }],
    ['name', { types: ['text'] }],
    ['number', { types: ['number'] }],
    ['tag', { types: ['text'], isList: true }],
    ['created', { types: ['time'] }],
    ['archived', { types: ['boolean'] }],
  ]),
  settings,
  series: ['loss', 'loss_cross/branch1'],
  classes: ['car', 'traffic light', 'bicyclist'],
  networks: ['BRANCH1', 'ENSEMBLE'],
  subsets: ['VAL', 'TEST'],
  alarms: ['TAKEOVER', 'DROP'],
};

function check(text: string): Filter {
  const { filter, characters } = parseFilter(text);
  return checkFilter(filter, catalog, (comparison) => characters.get(comparison));
}
const errorOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};

describe('the settings of a configuration', () => {
  it('have the types of their schema, with all kinds of an object', () => {
    expect(settings.get('training.iterations')).toEqual({ types: ['number'] });
    expect(settings.get('network.backbone')).toEqual({
      types: ['text'],
      values: ['resnet18', 'resnet34', 'resnet50', 'resnet101'],
    });
    expect(settings.get('split.labelledRatio')).toEqual({ types: ['number'] });
    expect(settings.get('split.labelledList')).toEqual({ types: ['text'] });
    expect(settings.get('method.name')!.values).toEqual(expect.arrayContaining(['supervised', 'cps', 'gct']));
    expect(settings.get('augmentation.crop')).toEqual({ types: ['number'], isList: true });
    expect(settings.get('data.applyOrientation')).toEqual({ types: ['boolean'] });
    expect(settings.has('network')).toBe(false);
  });

  it('that are newer than version 1 mean something where they are missing', () => {
    expect(absentSettings().get('network.stem')).toEqual([{ value: 'deep', beside: [] }]);
    expect(absentSettings().get('split.cover')).toEqual([
      { value: false, beside: ['labelledRatio'] },
      { value: false, beside: ['labelledImages'] },
    ]);
    expect(absentSettings().has('training.maxHours')).toBe(false);
  });
});

describe('the check of a filter', () => {
  it.each([
    ['state = running', 'state = RUNNING'],
    ['State = Running', 'state = RUNNING'],
    ['network.width < 50%', 'config.network.width < 0.5'],
    ['config.network.width < 1', 'config.network.width < 1'],
    ['network.backbone = resnet50', 'config.network.backbone = resnet50'],
    ['network.backbone contains net5', 'config.network.backbone contains net5'],
    ['data.applyOrientation', 'config.data.applyOrientation'],
    ['augmentation.crop = 64', 'config.augmentation.crop = 64'],
    [
      'iou(car, network: ensemble, subset: test, pick: Best) < 5%',
      'iou(car, network: ENSEMBLE, subset: TEST, pick: BEST) < 0.05',
    ],
    ['alarm(takeover, active: true)', 'alarm(TAKEOVER, active: true)'],
    ['created >= "2026-11-30"', 'created >= "2026-11-30T00:00:00.000Z"'],
    ['created < "2026-11-30T09:30+09:00"', 'created < "2026-11-30T00:30:00.000Z"'],
    ['created < "2026-11-30 09:30:15.5"', 'created < "2026-11-30T09:30:15.500Z"'],
    ['not (archived or tag is known)', 'not (archived or tag is known)'],
    ['mean10("loss_cross/branch1") > 2', 'mean10("loss_cross/branch1") > 2'],
  ])('reads %s as %s', (text, expected) => {
    expect(printFilter(check(text))).toBe(expected);
    // What was checked once passes again.
    expect(printFilter(check(expected))).toBe(expected);
  });

  it.each([
    ['trainig.iterations > 5', 'character 1: "trainig.iterations" is unknown; did you mean "training.iterations"?'],
    ['number = 1 and iterations > 5', 'character 16: "iterations" is unknown; did you mean "training.iterations"?'],
    ['sate = running', 'character 1: "sate" is unknown; did you mean "state"?'],
    [
      'wobble = 1',
      'character 1: "wobble" is unknown; runs have no such field, and their configurations no such setting',
    ],
    [
      'optimiser = sgd',
      'character 1: "optimiser" is a group of settings: optimiser.name, optimiser.learningRate, optimiser.backboneFactor, optimiser.headFactor, optimiser.momentum, optimiser.weightDecay, optimiser.weightDecayOn, optimiser.power, optimiser.warmUp, optimiser.clipNorm',
    ],
    ['state = runing', 'character 1: state cannot be "runing"; did you mean "RUNNING"?'],
    ['state = done', 'character 1: state cannot be "done"; known: QUEUED, RUNNING, COMPLETED'],
    ['network.backbone = resnet52', 'character 1: network.backbone cannot be "resnet52"; did you mean "resnet50"?'],
    ['state > running', 'character 1: state is a text, which > cannot compare'],
    ['number contains 1', 'character 1: number is a number, which contains cannot compare'],
    ['archived in (true)', 'character 1: archived is true or false, which in cannot compare'],
    ['number = abc', 'character 1: number is a number; got "abc"'],
    ['tag = 2024', 'character 1: tag is a text, in quotes: "2024"; got 2024'],
    ['state', 'character 1: state is a text, not true or false; compare it with one, or write "is known"'],
    ['created > yesterday', 'character 1: created is a time, such as "2026-11-30"; got "yesterday"'],
    ['created > "2026-02-30"', 'character 1: created is a time, such as "2026-11-30"; got "2026-02-30"'],
    ['created > "2026-13-01"', 'character 1: created is a time, such as "2026-11-30"; got "2026-13-01"'],
    ['created > "0000-01-01"', 'character 1: created is a time, such as "2026-11-30"; got "0000-01-01"'],
    [
      'created < "9999-12-31T23:59-14:00"',
      'character 1: created is a time, such as "2026-11-30"; got "9999-12-31T23:59-14:00"',
    ],
    ['created > 2026', 'character 1: created is a time; got 2026'],
    ['iou(bicycist) < 1', 'character 1: no dataset has a class "bicycist"; did you mean "bicyclist"?'],
    ['iou(car, network: branch3) < 1', 'character 1: there is no network "branch3"; did you mean "BRANCH1"?'],
    ['iou(car, subset: all) < 1', 'character 1: there is no subset "all"; known: VAL, TEST'],
    ['iou(car, pick: final) < 1', 'character 1: there is no pick "final"; known: NEWEST, BEST'],
    ['alarm(x)', 'character 1: there is no kind of alarm "x"; known: TAKEOVER, DROP'],
    ['last(los) < 1', 'character 1: no run has a series "los"; did you mean "loss"?'],
    [
      `number in (${Array.from({ length: 101 }, (_, i) => i).join()})`,
      'character 1: number in: needs 1 to 100 values; got 101',
    ],
    [
      Array.from({ length: 101 }, (_, i) => `number = ${i}`).join(' or '),
      'character 1491: a filter may have 100 comparisons',
    ],
  ])('refuses %s', (text, message) => {
    expect(errorOf(() => check(text))).toBe(message);
  });

  it.each<[Filter, string]>([
    [{ and: [] }, '"and" and "or" need at least one condition'],
    [{ field: { path: 'number' }, op: 'eq' }, 'number needs a value'],
    [{ field: { path: 'number' }, op: 'eq', value: [1] }, 'number = needs one value; got a list'],
    [{ field: { path: 'number' }, op: 'in', value: [] }, 'number in: needs 1 to 100 values; got 0'],
    [{ field: { path: 'number' }, op: 'known', value: 1 }, 'number is known: needs no value; got 1'],
    [{ field: { path: 'number' }, op: 'eq', value: Number.NaN }, 'number cannot be compared with NaN; use "is known"'],
    [{ field: { score: 'iou' }, op: 'lt', value: 1 }, 'iou needs a class, such as iou("traffic light")'],
    [
      { field: { score: 'miou', class: 'car' }, op: 'lt', value: 1 },
      'miou is of several classes; for one class, use iou',
    ],
    [
      Array.from({ length: 10 }).reduce<Filter>((inner) => ({ not: inner }), {
        field: { path: 'archived' },
        op: 'known',
      }),
      'conditions may be nested 10 levels deep',
    ],
  ])('refuses the tree %j, which has no place in a text', (filter, message) => {
    expect(errorOf(() => checkFilter(filter, catalog))).toBe(message);
  });

  it('accepts any series and class where they are not known', () => {
    const unknown = { ...catalog, series: null, classes: null };
    const { filter } = parseFilter('iou(whatever) < 1 and last(whatever) > 0');
    expect(checkFilter(filter, unknown)).toEqual(filter);
  });
});

describe('the nearest name', () => {
  it.each([
    ['los', 'loss'],
    ['LOSS', 'loss'],
    ['lossy!', 'loss'],
    ['mIou', 'miou'],
    ['xyz', null],
    ['l', null],
  ])('to %s is %s', (name, expected) => {
    expect(nearest(name, ['loss', 'miou', 'lr'])).toBe(expected);
  });
});
