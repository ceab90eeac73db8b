import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError } from '../../dataset-error.js';
import { CLASSES_FILE, type ClassesFile } from '../classes-file.js';
import { refuseWithoutClasses } from '../example-classes.js';
import { valueCoding } from '../files/label-coding.js';
import type { Place } from '../files/list-files.js';
import { ownClasses, readEntries, requireDistinct } from '../own-classes.js';
import { paletteColour } from '../palette.js';

/** The benchmark's list of classes. */
const OBJECT_INFO = 'objectInfo150.txt';

const IGNORE_INDEX = 255;

/**
 * The classes of a folder in ADE20K's layout: the owner's, or those of objectInfo150.txt. The values of the labels must be
 * clear, because classes that count from 0 would be taken for their neighbours.
 *
 * @throws DatasetError
 */
export async function objectInfo(root: string, labels: readonly Place[]): Promise<ClassesFile> {
  const own = await ownClasses(root);
  const list = join(root, OBJECT_INFO);
  if (!own) return existsSync(list) ? readObjectInfo(list) : refuseWithoutClasses(root, labels, true);
  if (own.saysValues) return own;
  throw new DatasetError(join(root, CLASSES_FILE), [
    `${existsSync(join(root, CLASSES_FILE)) ? 'does not say' : 'is missing, and class_names.txt does not say,'} which values the ` +
      'classes have: in this layout, 0 usually means "no class", and the first class is 1; add "reduce_zero_label": true if that ' +
      'is so, or false if the first class is 0',
  ]);
}

/** Tab-separated lines of a value, three or four numbers, and synonyms of a name, of which the first one is used. */
async function readObjectInfo(file: string): Promise<ClassesFile> {
  const [, ...lines] = await readEntries(file);
  const problems: string[] = [];
  const names = lines.map(({ line, number }, index) => {
    const cells = line.split('\t').map((cell) => cell.trim());
    if (Number(cells[0]) !== index + 1)
      problems.push(`line ${number}: must begin with ${index + 1} and a tab; got ${JSON.stringify(line)}`);
    return cells.at(-1)!.split(',')[0]!.trim();
  });
  if (problems.length > 0) throw new DatasetError(file, problems);
  requireDistinct(file, names);
  const classes = names.map((name, index) => ({ name, color: paletteColour(index + 1) }));
  const values = classes.map((_, index): [number, number] => [index + 1, index]);
  const allowed = `1 to ${classes.length}, and 0 to ignore`;
  const coding = valueCoding([[0, IGNORE_INDEX], ...values], allowed, []);
  return {
    ...{ classes, coding, ignoreIndex: IGNORE_INDEX, codingText: allowed, saysValues: true },
    ...{ channels: null, normalisation: null },
  };
}
