import { join } from 'node:path';
import { z } from 'zod';
import type { ClassInfo } from '../../dataset.js';
import { DatasetError } from '../../dataset-error.js';
import type { Normalisation } from '../../images/normalisation.js';
import type { Channels } from '../../images/pixels.js';
import { readText } from '../files/read-text.js';

const DEFAULT_IGNORE_INDEX = 255;
/** Images are read as RGB, even if they are gray. */
export const DEFAULT_CHANNELS = 3;

const SCALE = 'must be from 0 to 1; divide 8-bit numbers by 255 and 16-bit numbers by 65535';

const colour = z.int().min(0).max(255);

/** Other keys (statistics, sizes, remarks) are allowed and ignored. */
const classesFile = z.object({
  classes: z
    .array(
      z.object({
        id: z.int().min(0).max(254),
        name: z.string().min(1).max(64),
        color: z.tuple([colour, colour, colour]),
      }),
    )
    .min(2)
    .max(255),
  num_classes: z.int().optional(),
  ignore_index: z.int().min(0).max(255).default(DEFAULT_IGNORE_INDEX),
  channels: z.literal([1, 3, 4]).optional(),
  normalise: z
    .strictObject({
      mean: z.array(z.number().min(0, SCALE).max(1, SCALE)),
      std: z.array(z.number().positive().max(1, SCALE)),
    })
    .optional(),
});

export interface ClassesFile {
  /** In index order. */
  classes: ClassInfo[];
  ignoreIndex: number;
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
  const file = join(directory, 'classes.json');
  const result = classesFile.safeParse(await readJson(file), { reportInput: true });
  if (!result.success) {
    throw new DatasetError(
      file,
      result.error.issues.map(
        ({ path, message, input }) =>
          `${path.join('.') || 'the file'}: ${message}; ${input === undefined ? 'got nothing' : `got ${JSON.stringify(input)}`}`,
      ),
    );
  }
  const { classes, num_classes: count, ignore_index: ignoreIndex, channels = null, normalise = null } = result.data;
  const problems: string[] = [];
  const sorted = [...classes].sort((a, b) => a.id - b.id);
  const ids = sorted.map(({ id }) => id);
  if (ids.some((id, index) => id !== index)) {
    problems.push(`classes: ids must be 0 to ${ids.length - 1}, each exactly once; got ${ids.join(', ')}`);
  }
  const names = classes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) problems.push(`classes: two classes are called "${twice}"`);
  if (count !== undefined && count !== classes.length) {
    problems.push(`num_classes: is ${count}, but ${classes.length} classes are listed`);
  }
  if (ids.includes(ignoreIndex))
    problems.push(`ignore_index: ${ignoreIndex} is the id of a class; choose another value`);
  for (const key of ['mean', 'std'] as const) {
    const given = normalise?.[key].length;
    if (given === undefined || given === (channels ?? DEFAULT_CHANNELS)) continue;
    problems.push(`normalise.${key}: must have ${channels ?? DEFAULT_CHANNELS} numbers, one per channel; got ${given}`);
  }
  if (problems.length > 0) throw new DatasetError(file, problems);
  const named = sorted.map(({ name, color }) => ({ name, color }));
  return { classes: named, ignoreIndex, channels, normalisation: normalise };
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
