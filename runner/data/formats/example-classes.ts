import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetError } from '../dataset-error.js';
import { decodeLabel } from '../images/decode-label.js';
import type { DecodedLabel } from '../images/decoded-label.js';
import { CLASSES_FILE } from './classes-file.js';
import {
  blurIn,
  classesJson,
  classesOfColours,
  MOST_CLASSES,
  type Occurring,
  occurringIn,
} from './files/example-labels.js';
import { listPlace, type Place } from './files/list-files.js';

/** Reading a few labels is enough for an example. */
const MOST_LABELS = 50;

const IGNORED = 255;

/**
 * Refuses a dataset whose classes have no names. The message has a `classes.json` for the values that its labels hold.
 * @param fromOne whether 0 means "no class" in the layout
 */
export async function refuseWithoutClasses(root: string, places: readonly Place[], fromOne = false): Promise<never> {
  const problems: string[] = [];
  const found = occurringIn(await someOf(places, problems));
  const example = found.colours.size > 0 ? exampleOfColours(found) : exampleOfValues(found, fromOne);
  throw new DatasetError(root, [
    `does not say what the classes are; write ${join(root, CLASSES_FILE)} with their names (docs/datasets.md). ${example}`,
    ...problems,
  ]);
}

/** Some of the labels, evenly spread. Labels that cannot be read are skipped. */
async function someOf(places: readonly Place[], problems: string[]): Promise<DecodedLabel[]> {
  const labels = (
    await Promise.all(places.map(async (place) => [...((await listPlace(place, problems))?.values() ?? [])]))
  ).flat();
  const step = Math.max(1, Math.ceil(labels.length / MOST_LABELS));
  const decoded: DecodedLabel[] = [];
  for (const file of labels.filter((_, index) => index % step === 0)) {
    // The check of the files says what is wrong with them, once the classes are known.
    const label = await decodeLabel(await readFile(file)).catch(() => null);
    if (label) decoded.push(label);
  }
  return decoded;
}

function exampleOfColours(occurring: Occurring): string {
  const blur = blurIn(occurring);
  if (blur) return `The labels are in colour, and have ${blur}`;
  return `The labels are in colour, so it could be ${classesOfColours(occurring.colours)}`;
}

function exampleOfValues(occurring: Occurring, fromOne: boolean): string {
  const values = [...occurring.values].sort((a, b) => a - b);
  if (values.length === 0) return 'No label could be read';
  const blur = blurIn(occurring);
  if (blur) return `The labels have ${blur}`;
  const found = `The labels have the value${values.length === 1 ? '' : 's'} ${values.join(', ')}`;
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
  const known = values.length < 2 ? [0, ...values] : values;
  const names = known.map((value) => `{"name": "class ${value}"}`);
  const meanings = known.slice(0, MOST_CLASSES).map((value) => `"${value}": "class ${value}"`);
  return `${found}, so it could be ${classesJson(names, `"values": {${meanings.join(', ')}}`)}, with null for a value to ignore`;
}
