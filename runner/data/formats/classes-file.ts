import { join } from 'node:path';
import { z } from 'zod';
import type { ClassInfo } from '../dataset.js';
import { DatasetError } from '../dataset-error.js';
import type { Normalisation } from '../images/normalisation.js';
import type { Channels } from '../images/pixels.js';
import { type LabelCoding, packed, valueCoding } from './files/label-coding.js';
import { readText } from './files/read-text.js';
import { paletteColour } from './palette.js';
import { schemaWords } from './schema-words.js';

export const CLASSES_FILE = 'classes.json';

const DEFAULT_IGNORE_INDEX = 255;
/** Images are read as RGB, even if they are gray. */
export const DEFAULT_CHANNELS = 3;

const SCALE = 'must be from 0 to 1; divide 8-bit numbers by 255 and 16-bit numbers by 65535';

/** A class's pixels are told from others, so one class is not enough. */
const TWO_CLASSES =
  'must list at least two classes; if only one is labelled, all else is a class too, such as {"name": "background"}';

const colour = z.tuple([byte(), byte(), byte()]);

function byte() {
  return z.int().min(0).max(255);
}

/** Other keys (statistics, sizes, remarks) are allowed and ignored. */
const classesFile = z.object({
  classes: z
    .array(
      z.object(
        {
          id: z.int().min(0).max(254).optional(),
          name: z.string().min(1).max(128),
          color: colour.optional(),
        },
        'must be an object such as {"name": "road"}',
      ),
      'must be a list such as [{"name": "background"}, {"name": "road"}]',
    )
    .min(2, TWO_CLASSES)
    .max(255),
  num_classes: z.int().optional(),
  ignore_index: byte().optional(),
  ignore_color: colour.optional(),
  reduce_zero_label: z.boolean().optional(),
  values: z
    .record(
      z.string().regex(/^(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/, 'must be a label value from 0 to 255'),
      z.string().nullable(),
    )
    .optional(),
  channels: z.literal([1, 3, 4]).optional(),
  normalise: z
    .strictObject({
      mean: z.array(z.number().min(0, SCALE).max(1, SCALE)),
      std: z.array(z.number().positive().max(1, SCALE)),
    })
    .optional(),
});

type Given = z.output<typeof classesFile>;

export interface ClassesFile {
  /** In index order. */
  classes: ClassInfo[];
  /** What `load` gives to ignored pixels; not necessarily the value in the files. */
  ignoreIndex: number;
  /** What the values and colours of the label files mean. */
  coding: LabelCoding;
  /** See Scan. */
  codingText: string | null;
  /** Whether the list says which label values its classes have. Otherwise they count from 0. */
  saysValues: boolean;
  /** Null if not specified. */
  channels: Channels | null;
  /** Null if not specified. */
  normalisation: Normalisation | null;
}

/**
 * Reads `classes.json` (docs/datasets.md).
 *
 * @throws DatasetError that lists every invalid field.
 */
export async function readClassesFile(directory: string): Promise<ClassesFile> {
  const file = join(directory, CLASSES_FILE);
  const result = classesFile.safeParse(await readJson(file), { reportInput: true, error: schemaWords });
  if (!result.success) {
    throw new DatasetError(
      file,
      result.error.issues.map(
        ({ path, message, input }) =>
          `${path.join('.') || 'the file'}: ${message}; ${input === undefined ? 'got nothing' : `got ${JSON.stringify(input)}`}`,
      ),
    );
  }
  const given = result.data;
  const problems = problemsOf(given);
  if (problems.length > 0) throw new DatasetError(file, problems);
  const { channels = null, normalise: normalisation = null, classes, values, reduce_zero_label } = given;
  const saysValues = values !== undefined || reduce_zero_label !== undefined || classes[0]!.id !== undefined;
  return { ...codingOf(given), saysValues, channels, normalisation };
}

function problemsOf(given: Given): string[] {
  const { classes, num_classes: count, channels, normalise, values } = given;
  const { ignore_index: ignoreIndex = DEFAULT_IGNORE_INDEX } = given;
  const fromOne = given.reduce_zero_label === true;
  const problems: string[] = [];
  const ids = classes.flatMap(({ id }) => id ?? []);
  if (ids.length > 0 && ids.length < classes.length) problems.push('classes: either all have an id, or none');
  const double = ids.find((id, index) => ids.indexOf(id) !== index);
  if (double !== undefined) problems.push(`classes: two classes have the id ${double}`);
  const names = classes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) problems.push(`classes: two classes are called "${twice}"`);
  if (count !== undefined && count !== classes.length) {
    problems.push(`num_classes: is ${count}, but ${classes.length} classes are listed`);
  }
  if (fromOne && (values !== undefined || ids.length > 0)) {
    problems.push('reduce_zero_label: the first class has the value 1 then, so leave out "id" and "values"');
  } else if (fromOne) {
    if (ignoreIndex > 0 && ignoreIndex <= classes.length)
      problems.push(`ignore_index: ${ignoreIndex} is the value of a class; choose another value`);
  } else if (values === undefined) {
    if (ids.includes(ignoreIndex) || (ids.length === 0 && ignoreIndex < classes.length))
      problems.push(
        `ignore_index: ${ignoreIndex} is the id of a class; choose another value${ids.length === 0 && ignoreIndex === 0 ? ', or give the classes ids that begin at 1' : ''}`,
      );
  } else {
    problems.push(...problemsOfValues(values, given));
  }
  for (const key of ['mean', 'std'] as const) {
    const numbers = normalise?.[key].length;
    if (numbers === undefined || numbers === (channels ?? DEFAULT_CHANNELS)) continue;
    problems.push(
      `normalise.${key}: must have ${channels ?? DEFAULT_CHANNELS} numbers, one per channel; got ${numbers}`,
    );
  }
  return problems;
}

function problemsOfValues(values: NonNullable<Given['values']>, { classes, ignore_index: ignored }: Given): string[] {
  const problems: string[] = [];
  const names = classes.map(({ name }) => name);
  for (const [value, name] of Object.entries(values)) {
    if (name !== null && !names.includes(name))
      problems.push(`values.${value}: there is no class "${name}"; the classes are ${names.join(', ')}`);
  }
  const unused = names.filter((name) => !Object.values(values).includes(name));
  if (unused.length > 0) {
    const free = Object.hasOwn(values, 0) ? '' : `, such as "0": ${JSON.stringify(unused[0])}`;
    problems.push(`values: no value means ${unused.join(', ')}; list every value that the labels hold${free}`);
  }
  const said = (value: number) => (values[value] === null ? 'is ignored' : `means "${values[value]}"`);
  if (ignored !== undefined && typeof values[ignored] === 'string')
    problems.push(`ignore_index: ${ignored} ${said(ignored)} in "values"; leave one of them out`);
  for (const { id, name } of classes) {
    if (id === undefined || values[id] === undefined || values[id] === name) continue;
    problems.push(
      `values.${id}: ${id} ${said(id)}, but is the id of "${name}"; leave out the ids, or correct one of them`,
    );
  }
  return problems;
}

function codingOf(given: Given): Pick<ClassesFile, 'classes' | 'ignoreIndex' | 'coding' | 'codingText'> {
  const { ignore_index: ignored = DEFAULT_IGNORE_INDEX, reduce_zero_label: fromOne = false } = given;
  const first = fromOne ? 1 : 0;
  const sorted = given.classes
    .map((each, index) => ({ ...each, id: each.id ?? index + first }))
    .sort((a, b) => a.id - b.id);
  const classes = sorted.map(({ name, color }, index) => ({ name, color: color ?? paletteColour(index) }));
  const listed = sorted.map(({ color }) => color ?? null);
  const isPlain = given.values === undefined && sorted.every(({ id }, index) => id === index);
  const ignoreIndex = isPlain ? ignored : DEFAULT_IGNORE_INDEX;
  const meanings = given.values
    ? listedValues(
        given.values,
        sorted.map(({ name }) => name),
        ignored,
      )
    : [
        ...sorted.map(({ id }, index): [number, number] => [id, index]),
        ...(fromOne ? [[0, ignoreIndex] as [number, number]] : []),
        [ignored, ignoreIndex] as [number, number],
      ];
  const coding = valueCoding(meanings, allowedIn(meanings, ignoreIndex), listed);
  const { ignore_color: ignoreColour } = given;
  const colours = ignoreColour
    ? new Map([...coding.colours, [packed(...ignoreColour), ignoreIndex] as [number, number]])
    : coding.colours;
  const codingText = isPlain && !ignoreColour ? null : JSON.stringify([meanings, ignoreColour ?? null]);
  return { classes, ignoreIndex, coding: { ...coding, colours }, codingText };
}

/** Each listed value, ascending, with its class index. */
function listedValues(
  values: NonNullable<Given['values']>,
  names: readonly string[],
  ignoredValue: number,
): [number, number][] {
  const listed = Object.entries(values).map(([value, name]): [number, number] => [
    Number(value),
    name === null ? DEFAULT_IGNORE_INDEX : names.indexOf(name),
  ]);
  const isListed = listed.some(([value]) => value === ignoredValue);
  return [...listed, ...(isListed ? [] : [[ignoredValue, DEFAULT_IGNORE_INDEX] as [number, number]])].sort(
    (a, b) => a[0] - b[0],
  );
}

function allowedIn(meanings: readonly (readonly [number, number])[], ignoreIndex: number): string {
  const ignored = meanings.filter(([, meaning]) => meaning === ignoreIndex).map(([value]) => value);
  const rest = meanings.filter(([, meaning]) => meaning !== ignoreIndex).map(([value]) => value);
  const isRange = rest.every((value, index) => value === rest[0]! + index);
  const classes = isRange && rest.length > 1 ? `${rest[0]} to ${rest.at(-1)}` : rest.join(', ');
  return ignored.length > 0 ? `${classes}, and ${ignored.join(', ')} to ignore` : classes;
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    throw new DatasetError(file, [`cannot be read (${(error as Error).message}); see docs/datasets.md for its format`]);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DatasetError(file, [`is not JSON: ${(error as Error).message}`]);
  }
}
