import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClassInfo } from '../dataset.js';
import { DatasetError } from '../dataset-error.js';
import { CLASSES_FILE, type ClassesFile, readClassesFile } from './classes-file.js';
import { refuseWithoutClasses } from './example-classes.js';
import { classIndices, valueCoding } from './files/label-coding.js';
import { entriesOf } from './files/list-entries.js';
import type { Place } from './files/list-files.js';
import { readText } from './files/read-text.js';
import { paletteColour } from './palette.js';

const IGNORE_INDEX = 255;

/** Labelme's list of names, one per line. Its VOC scripts write it. */
const CLASS_NAMES = 'class_names.txt';
/** The list of names and colours of CVAT's "Segmentation mask" format. */
const LABEL_MAP = 'labelmap.txt';

/** The classes that the owner of a dataset has listed in its folder; null if there is no list. @throws DatasetError */
export async function ownClasses(folder: string): Promise<ClassesFile | null> {
  if (existsSync(join(folder, CLASSES_FILE))) return readClassesFile(folder);
  if (existsSync(join(folder, LABEL_MAP))) return readLabelMap(join(folder, LABEL_MAP));
  if (existsSync(join(folder, CLASS_NAMES))) return readClassNames(join(folder, CLASS_NAMES));
  return null;
}

/** The classes that the owner has listed. @throws DatasetError with an example of a list, for the values that the labels hold */
export async function requireClasses(root: string, labels: readonly Place[]): Promise<ClassesFile> {
  return (await ownClasses(root)) ?? refuseWithoutClasses(root, labels);
}

/** Classes from 0, with documented colours and 255 to ignore. */
export function plainClasses(classes: readonly ClassInfo[], ignoreIndex = IGNORE_INDEX): ClassesFile {
  return {
    classes: [...classes],
    ignoreIndex,
    coding: classIndices(classes, ignoreIndex),
    codingText: null,
    saysValues: true,
    channels: null,
    normalisation: null,
  };
}

/**
 * Classes of which only the names and values are known. Their colours are for display: labels in colour cannot be read by them.
 * @param allowed the values, for messages
 */
export function classesWithoutColours(
  classes: readonly ClassInfo[],
  meanings = classes.map((_, index): [number, number] => [index, index]),
  allowed = `0 to ${classes.length - 1}, and ${IGNORE_INDEX} to ignore`,
): ClassesFile {
  const coding = valueCoding([[IGNORE_INDEX, IGNORE_INDEX], ...meanings], allowed, []);
  return { ...plainClasses(classes), coding };
}

/** Lines of `name:red,green,blue:parts:actions`. Labels have these colours; the values of palettes are arbitrary. */
async function readLabelMap(file: string): Promise<ClassesFile> {
  const problems: string[] = [];
  const classes = (await readEntries(file)).flatMap(({ line, number }): ClassInfo[] => {
    const [, name, ...color] = /^([^:]+):(\d{1,3}),\s*(\d{1,3}),\s*(\d{1,3})(?::|$)/.exec(line) ?? [];
    const [red, green, blue] = color.map(Number);
    if (name !== undefined && Math.max(red!, green!, blue!) <= 255) return [{ name, color: [red!, green!, blue!] }];
    problems.push(
      `line ${number}: must be NAME:RED,GREEN,BLUE, each colour from 0 to 255; got ${JSON.stringify(line)}`,
    );
    return [];
  });
  if (problems.length > 0) throw new DatasetError(file, problems);
  requireDistinct(
    file,
    classes.map(({ name }) => name),
  );
  const coding = valueCoding(
    [],
    'none, because labels have the colours of labelmap.txt',
    classes.map(({ color }) => color),
  );
  if (coding.shared.size > 0) throw new DatasetError(file, ['gives two classes the same colour']);
  // The same list in classes.json gives palettes another meaning.
  return { ...plainClasses(classes), coding: { ...coding, paletteColours: true }, codingText: 'colours of palettes' };
}

async function readClassNames(file: string): Promise<ClassesFile> {
  // "__ignore__" is what Labelme calls the value -1, which a PNG holds as 255.
  const names = (await readEntries(file)).flatMap(({ line }) => (line === '__ignore__' ? [] : [line]));
  requireDistinct(file, names);
  const classes = names.map((name, index) => ({ name, color: paletteColour(index) }));
  return { ...classesWithoutColours(classes), saysValues: false };
}

/** The lines of a list of classes. @throws DatasetError when it cannot be read */
export async function readEntries(file: string): Promise<ReturnType<typeof entriesOf>> {
  try {
    return entriesOf(await readText(file));
  } catch (error) {
    throw new DatasetError(file, [`cannot be read: ${(error as Error).message}`]);
  }
}

export function requireDistinct(file: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new DatasetError(file, [`lists "${twice}" twice`]);
  if (names.length < 2 || names.length > 255)
    throw new DatasetError(file, [`must list 2 to 255 classes, one per line; lists ${names.length}`]);
}
