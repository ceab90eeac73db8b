import { isObject } from '../../../schema/is-object.js';
import { type MethodConfig, type MethodName, methodConfig, parseRunConfig } from '../../../schema/run-config.js';
import { ratioLabel } from '../../../schema/split-config.js';
import type { StudyMatrix } from '../../../schema/study-matrix.js';
import { t } from '../../messages/t.js';

/** The pure functions of the form: they convert between the typed text and the configuration sent to the server. */

export type Json = Record<string, unknown>;

/** The seed of a split, if it has one. */
export function seedOf(split: unknown): Json {
  return isObject(split) && 'seed' in split ? { seed: split.seed } : {};
}

/** A method with all its settings at their defaults. */
export function methodDefaults(name: MethodName): MethodConfig {
  return methodConfig.parse({ name });
}

/** A complete configuration with every setting at its default, as a starting point. */
export function startingConfig(dataset: string): Json {
  const result = parseRunConfig({
    dataset: dataset || 'unknown',
    split: { labelledRatio: 1 / 8 },
    method: { name: 'cps_cutmix' },
  });
  if (!result.ok) throw new Error(`the defaults are not a valid configuration: ${JSON.stringify(result.problems)}`);
  return { ...result.config, dataset };
}

/** The value at a path of object keys; undefined when the path does not exist. */
export function valueAt(json: Json, path: string[]): unknown {
  return path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), json);
}

/** A copy with `value` at the path. Missing objects on the path are created; other values there are replaced. */
export function withValueAt(json: Json, [key, ...rest]: string[], value: unknown): Json {
  if (key === undefined) return json;
  const inner = json[key];
  return { ...json, [key]: rest.length === 0 ? value : withValueAt(isObject(inner) ? inner : {}, rest, value) };
}

/** Parses the text of the JSON editor, or says why it is invalid. */
export function readJson(text: string): { json: Json } | { problem: string } {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? { json } : { problem: t('new.notAnObject') };
  } catch (error) {
    return { problem: t('new.invalidJson', { problem: (error as Error).message }) };
  }
}

/** "1/8" or "0.125" → 0.125. Other text stays unchanged, so that the server's error quotes it. */
export function readRatio(text: string): unknown {
  const trimmed = text.trim();
  const fraction = /^(\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)$/.exec(trimmed);
  if (fraction && Number(fraction[2]) > 0) return Number(fraction[1]) / Number(fraction[2]);
  return readNumber(trimmed);
}

/**
 * Which images are labelled: "1/8" or "0.125" is a share, "22" or "22 images" a number, "lists/1_8.txt" a list. Other
 * text stays unchanged, so that the server's error quotes it.
 * @param before the split to replace; its seed and cover (of a drawn split) or its unlabelledList (of a list) are kept
 */
export function readSplit(text: string, before: unknown): Json {
  const trimmed = text.trim();
  const { seed, cover, unlabelledList } = isObject(before) ? before : {};
  if (/\.(txt|lst)$/i.test(trimmed))
    return { ...(unlabelledList !== undefined && { unlabelledList }), labelledList: trimmed };
  const rest = { ...(seed !== undefined && { seed }), ...(cover !== undefined && { cover }) };
  const [bare, unit] = trimmed.split(/\s*(images?)$/);
  const isNumber = unit !== undefined || /^[2-9]$|^[1-9]\d+$/.test(trimmed);
  return isNumber ? { ...rest, labelledImages: readNumber(bare!) } : { ...rest, labelledRatio: readRatio(trimmed) };
}

/** Formats a split as `readSplit` reads it. */
export function showSplit(split: unknown): string {
  if (!isObject(split)) return '';
  const { labelledRatio, labelledImages, labelledList } = split;
  if (labelledList !== undefined) return String(labelledList);
  if (labelledImages !== undefined) return labelledImages === 1 ? '1 image' : String(labelledImages);
  const fraction = typeof labelledRatio === 'number' ? ratioLabel(labelledRatio) : '';
  return fraction.startsWith('1/') ? fraction : String(labelledRatio ?? '');
}

/**
 * The matrix of a study from the typed text: "1/16, 22 images" is two splits. Empty text makes no axis of splits, so
 * that the configuration's own split applies.
 */
export function readMatrix(
  methods: readonly MethodName[],
  labelled: string,
  seeds: string,
): Partial<Record<keyof StudyMatrix, unknown[]>> {
  const splits = pieces(labelled).map((piece) => readSplit(piece, {}));
  return { methods: methods.map(methodDefaults), ...(splits.length > 0 && { splits }), seeds: readSeeds(seeds) };
}

/** "0-2, 7" → 0, 1, 2, 7. Other text stays unchanged. */
export function readSeeds(text: string): unknown[] {
  return pieces(text).flatMap((piece): unknown[] => {
    const range = /^(\d+)\s*[-–]\s*(\d+)$/.exec(piece);
    const [low, high] = [Number(range?.[1]), Number(range?.[2])];
    // A range far beyond the server's limit is not expanded here; the server rejects it.
    if (!range || high < low || high - low > 1000) return [readNumber(piece)];
    return Array.from({ length: high - low + 1 }, (_, index) => low + index);
  });
}

export function readNumber(text: string): unknown {
  const trimmed = text.trim();
  return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
}

export function pieces(text: string): string[] {
  return text
    .split(/[,;\n]+/)
    .map((piece) => piece.trim())
    .filter(Boolean);
}
