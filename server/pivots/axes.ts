import type { CheckedField } from '../../schema/filter/check-fields.js';
import { printField } from '../../schema/filter/print.js';
import { type FilterField, SETTINGS } from '../../schema/filter/tree.js';
import { flatSettings } from '../../schema/flat-settings.js';
import { isObject } from '../../schema/is-object.js';
import { METHOD_LABELS, type RunConfig } from '../../schema/run-config.js';
import { compareSplits, ratioLabel } from '../../schema/split-config.js';
import type { PlannedRun } from '../../schema/study-extension.js';
import type { ComparedRun } from './compared-run.js';
import { NO_VARIANTS, type StudyVariants } from './study-variants.js';

/** What rows or columns are made of: a field, or a group of settings such as `split`. */
export interface Axis {
  /** As it is written. */
  text: string;
  /** The path of a setting or a group; null for other fields, which the database reads. */
  setting: string | null;
  /** The field that the database reads. */
  field: FilterField | null;
  /** Its index among the fields that the database reads. */
  index: number;
  /** Of an axis of variants: those of the study. */
  variants?: StudyVariants;
}

/** The axis of the variants of a study's matrix. It is not a field of runs. */
export const VARIANT = 'variant';

/** One value for each of several axes. */
export type Key = readonly unknown[];

/** Fields of the run that its configuration has, too. The others are not known before the run is. */
const PLANNED: Readonly<Record<string, string>> = {
  method: 'method.name',
  backbone: 'network.backbone',
  dataset: 'dataset',
  seed: 'seed',
  iterations: 'training.iterations',
  pool: 'placement.pool',
};

/** How people write a field: without the prefix of settings. */
export function nameOf(field: FilterField): string {
  const text = printField(field);
  return text.startsWith(SETTINGS) ? text.slice(SETTINGS.length) : text;
}

/** The axes of fields and groups, which continue the fields that the database reads anyway. */
export function axesOf(
  fields: readonly (CheckedField | { group: string } | typeof VARIANT)[],
  alreadyRead: number,
): Axis[] {
  let index = alreadyRead;
  return fields.map((each) => {
    if (each === VARIANT) return { text: VARIANT, setting: null, field: null, index: -1, variants: NO_VARIANTS };
    if ('group' in each) return { text: each.group, setting: each.group, field: null, index: -1 };
    const { field } = each;
    const path = 'path' in field ? field.path : '';
    const text = nameOf(field);
    if (path.startsWith(SETTINGS)) return { text, setting: path.slice(SETTINGS.length), field: null, index: -1 };
    return { text, setting: null, field, index: index++ };
  });
}

/** The value that a run has. */
export function valueIn({ setting, index, variants }: Axis, run: ComparedRun): unknown {
  if (variants) return variants.of(run);
  const { settings, seed, found } = run;
  if (setting === null) return found[index] ?? null;
  return setting === 'seed' ? seed : at(settings.config, setting);
}

/** The value that a planned run will have; undefined if that is not known yet. */
export function plannedValueIn({ setting, field, variants }: Axis, { config, variant }: PlannedRun): unknown {
  if (variants) return variant;
  const path = setting ?? (field && 'path' in field ? PLANNED[field.path] : undefined);
  return path === undefined ? undefined : at(config, path);
}

function at(config: object, path: string): unknown {
  let value: unknown = config;
  for (const key of path.split('.')) value = isObject(value) ? value[key] : undefined;
  return value ?? null;
}

/** Whether the settings below this path are what the axis is about. */
export function covers({ setting, field, variants }: Axis, path: string): boolean {
  if (variants) return variants.groups.some((group) => path.startsWith(`${group}.`) || path === group);
  const own = setting ?? (field && 'path' in field ? PLANNED[field.path] : undefined);
  if (own === undefined) return false;
  // A method is compared as a whole: its own settings are part of it.
  if (own === 'method.name') return path.startsWith('method.');
  return path === own || path.startsWith(`${own}.`);
}

/** Whether an axis tells splits apart. */
export const isOfSplits = ({ text }: Axis): boolean => /^(split(\.|$)|splitHash$|labelledImages$)/.test(text);

/** Whether an axis tells methods apart. */
export const isOfMethods = ({ text }: Axis): boolean => /^method(\.|$)/.test(text);

/** The text of a value. `told` has those of values that only a comparison with the others tells apart. */
export function labelOf({ text }: Axis, value: unknown, told: ReadonlyMap<unknown, string>): string {
  const known = told.get(value);
  if (known !== undefined) return known;
  if (value === null) return 'none';
  if (typeof value === 'string') return labelOfText(text, value);
  if (typeof value === 'number') return text === 'split.labelledRatio' ? ratioLabel(value) : String(value);
  if (Array.isArray(value)) return value.map(String).join(', ');
  if (!isObject(value)) return String(value);
  return Object.entries(flatSettings(value))
    .map(([path, each]) => `${path} ${Array.isArray(each) ? each.join(', ') : String(each)}`)
    .join(', ');
}

function labelOfText(text: string, value: string): string {
  if (text === 'method' || text === 'method.name') return METHOD_LABELS[value as keyof typeof METHOD_LABELS] ?? value;
  return text === 'splitHash' ? value.slice(0, 8) : value;
}

const METHODS = Object.keys(METHOD_LABELS);

/** The order of two values: methods as everywhere, splits by size, variants as in the matrix, numbers by value, texts by name; none last. */
export function compareValues(axis: Axis, a: unknown, b: unknown): number {
  if (axis.variants) {
    const { names } = axis.variants;
    // The base, which is null, comes first.
    return names.indexOf(a as string) - names.indexOf(b as string);
  }
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (isOfMethods(axis)) {
    const place = (value: unknown) => METHODS.indexOf(String(isObject(value) ? value.name : value));
    return place(a) - place(b) || byText(a, b);
  }
  if (axis.setting === 'split') return compareSplits(a as RunConfig['split'], b as RunConfig['split']) || byText(a, b);
  return typeof a === 'number' && typeof b === 'number' ? a - b : byText(a, b);
}

/** Making one takes longer than many comparisons. */
const BY_TEXT = new Intl.Collator('en', { numeric: true });

function byText(a: unknown, b: unknown): number {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return BY_TEXT.compare(text(a), text(b));
}
