import { flatSettings } from '../../schema/flat-settings.js';
import { isObject } from '../../schema/is-object.js';

export interface Difference {
  /** Dotted path of the setting, such as `network.backbone`. */
  path: string;
  /** One for each configuration: a JSON value, or null where the configuration does not have the setting. */
  values: unknown[];
}

/**
 * The settings in which configurations differ, by path, and how many are equal in all of them. `null` and a missing setting are equal:
 * both mean that there is no value.
 */
export function settingDifferences(configs: readonly unknown[]): { differences: Difference[]; equal: number } {
  const flat = configs.map((config) => new Map(Object.entries(isObject(config) ? flatSettings(config) : {})));
  const all = new Set(flat.flatMap((each) => [...each.keys()]));
  // Where some have an object and others null, only the settings in it count.
  const groups = new Set([...all].flatMap(pathsAbove));
  const paths = [...all].filter((path) => !groups.has(path)).sort();
  const rows = paths.map((path) => ({ path, values: flat.map((each) => each.get(path) ?? null) }));
  const differences = rows.filter(({ values }) => !areEqual(values));
  return { differences, equal: rows.length - differences.length };
}

/** Whether all values are the same JSON. */
export function areEqual(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value))).size === 1;
}

/** `network.pretrained` and `network`, for `network.pretrained.source`. */
function pathsAbove(path: string): string[] {
  const keys = path.split('.');
  return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join('.'));
}
