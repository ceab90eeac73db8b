import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetError } from '../dataset-error.js';
import { decodeLabel } from '../images/decode-label.js';
import type { DecodedLabel } from '../images/decoded-label.js';
import { CLASSES_FILE } from './classes-file.js';
import { listPlace, type Place } from './files/list-files.js';

/** Reading a few labels is enough for an example. */
const MOST_LABELS = 50;
/** A message with more classes is hard to read. */
const MOST_CLASSES = 20;

const IGNORED = 255;

/**
 * Refuses a dataset whose classes have no names. The message has a `classes.json` for the values that its labels hold.
 * @param fromOne whether 0 means "no class" in the layout
 */
export async function refuseWithoutClasses(root: string, places: readonly Place[], fromOne = false): Promise<never> {
  const problems: string[] = [];
  const { values, colours } = await occurringIn(places, problems);
  const example =
    colours.size > 0
      ? exampleOfColours(colours)
      : exampleOfValues(
          [...values].sort((a, b) => a - b),
          fromOne,
        );
  throw new DatasetError(root, [
    `does not say what the classes are; write ${join(root, CLASSES_FILE)} with their names (docs/datasets.md). ${example}`,
    ...problems,
  ]);
}

/** The values and the colours in some of the labels, evenly spread. Labels that cannot be read are skipped. */
async function occurringIn(
  places: readonly Place[],
  problems: string[],
): Promise<{ values: Set<number>; colours: Set<string> }> {
  const values = new Set<number>();
  const colours = new Set<string>();
  const labels = (
    await Promise.all(places.map(async (place) => [...((await listPlace(place, problems))?.values() ?? [])]))
  ).flat();
  const step = Math.max(1, Math.ceil(labels.length / MOST_LABELS));
  for (const file of labels.filter((_, index) => index % step === 0)) {
    // The check of the files says what is wrong with them, once the classes are known.
    const label = await decodeLabel(await readFile(file)).catch(() => null);
    if (label?.kind === 'values') for (const value of label.labels) values.add(value);
    if (label?.kind === 'colours') addColours(label, colours);
  }
  return { values, colours };
}

function addColours({ rgb }: DecodedLabel & { kind: 'colours' }, colours: Set<string>): void {
  // A photograph has thousands.
  for (let at = 0; at < rgb.length && colours.size <= MOST_CLASSES; at += 3)
    colours.add(String(rgb.subarray(at, at + 3)));
}

function exampleOfColours(colours: ReadonlySet<string>): string {
  const all = [...colours];
  const classes = all.map((colour, index) => `{"name": "class ${index}", "color": [${colour.replaceAll(',', ', ')}]}`);
  return `The labels are in colour, so it could be ${classesJson(classes)}`;
}

function exampleOfValues(values: readonly number[], fromOne: boolean): string {
  if (values.length === 0) return 'No label could be read';
  const found = `The labels have the values ${values.join(', ')}`;
  if (String(values) === `0,${IGNORED}`) {
    const both = '"values": {"0": "background", "255": "foreground"}';
    return `${found}, so it could be ${classesJson(['{"name": "background"}', '{"name": "foreground"}'], both)}`;
  }
  const classes = values.filter((value) => value !== IGNORED);
  if (fromOne) {
    const last = Math.max(2, ...classes);
    const listed = Array.from({ length: last }, (_, index) => `{"name": "class ${index + 1}"}`);
    return `${found}, so it could be ${classesJson(listed, '"reduce_zero_label": true')}`;
  }
  const isPlain = classes.every((value, index) => value === index);
  if (isPlain) {
    const listed = classes.length < 2 ? [0, 1] : classes;
    return `${found}, so it could be ${classesJson(
      listed.map((id) => `{"id": ${id}, "name": "class ${id}"}`),
      `"ignore_index": ${IGNORED}`,
    )}`;
  }
  const names = values.map((value) => `{"name": "class ${value}"}`);
  const meanings = values.slice(0, MOST_CLASSES).map((value) => `"${value}": "class ${value}"`);
  return `${found}, so it could be ${classesJson(names, `"values": {${meanings.join(', ')}}`)}, with null for a value to ignore`;
}

function classesJson(classes: readonly string[], rest?: string): string {
  const listed = classes.slice(0, MOST_CLASSES).join(', ') + (classes.length > MOST_CLASSES ? ', …' : '');
  return `{"classes": [${listed}]${rest ? `, ${rest}` : ''}}`;
}
