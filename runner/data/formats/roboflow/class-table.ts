import type { ClassInfo } from '../../dataset.js';
import { DatasetError } from '../../dataset-error.js';
import type { ClassesFile } from '../classes-file.js';
import { classesWithoutColours, readEntries, requireDistinct } from '../own-classes.js';
import { paletteColour } from '../palette.js';

const IGNORE_INDEX = 255;

/** Reads lines of `value, name` after a header. @throws DatasetError */
export async function readClassTable(file: string): Promise<ClassesFile> {
  const [header, ...lines] = await readEntries(file);
  if (!/^pixel value\s*,\s*class$/i.test(header?.line ?? ''))
    throw new DatasetError(file, [`must begin with "Pixel Value, Class"; got ${JSON.stringify(header?.line ?? '')}`]);
  const problems: string[] = [];
  const entries = lines.flatMap(({ line, number }): [number, string][] => {
    const [, value, name] = /^(\d{1,3})\s*,\s*(.+)$/.exec(line) ?? [];
    if (value !== undefined && Number(value) < IGNORE_INDEX) return [[Number(value), name!]];
    problems.push(`line ${number}: must be a value from 0 to 254, a comma and a name; got ${JSON.stringify(line)}`);
    return [];
  });
  const values = entries.map(([value]) => value);
  const double = values.find((value, index) => values.indexOf(value) !== index);
  if (double !== undefined) problems.push(`lists the value ${double} twice`);
  if (problems.length > 0) throw new DatasetError(file, problems);
  requireDistinct(
    file,
    entries.map(([, name]) => name),
  );
  const sorted = entries.sort((a, b) => a[0] - b[0]);
  const classes = sorted.map(([, name], index): ClassInfo => ({ name, color: paletteColour(index) }));
  if (sorted.every(([value], index) => value === index)) return classesWithoutColours(classes);
  const meanings = sorted.map(([value], index): [number, number] => [value, index]);
  const allowed = `${sorted.map(([value]) => value).join(', ')}, and ${IGNORE_INDEX} to ignore`;
  return { ...classesWithoutColours(classes, meanings, allowed), codingText: JSON.stringify(meanings) };
}
