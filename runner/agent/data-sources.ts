import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { DatasetFacts } from '../../schema/dataset-facts.js';
import { UserError } from '../../schema/exit-codes.js';
import type { DatasetInput } from '../../schema/generated/runner/graphql.js';
import type { DatasetDescriptor } from '../data/dataset.js';
import { DatasetError } from '../data/dataset-error.js';
import type { CheckedDatasets } from '../data/formats/files/files-options.js';
import { detectKind, LAYOUTS } from '../data/formats/layouts.js';
import { datasetFacts } from '../data/inspect/dataset-facts.js';
import { inspectDataset } from '../data/inspect/inspect-dataset.js';
import { BUILT_IN, openDataset } from '../data/open.js';
import type { DataSource } from '../tracking/messages.js';

/** That the server takes of a dataset. */
const MOST_WARNINGS = 100;

/**
 * `KIND:`, `NAME=` and the folder. A name has letters, digits, `_`, `.` and `-` of any script. Any further colon or equals sign belongs
 * to the folder's path.
 */
const OPTION = new RegExp(
  `^(?:(${LAYOUTS.map(({ kind }) => kind).join('|')}):)?(?:([\\p{L}\\p{M}\\p{N}_.-]+)=)?(.+)$`,
  'su',
);

/**
 * Parses `--data DIR`, `--data NAME=DIR`, `--data KIND:DIR` and `--data KIND:NAME=DIR`, and adds the built-in datasets.
 * NAME defaults to the folder's name, and KIND is detected from the layout. Throws one UserError that lists every path
 * that is not a folder or has no known layout, or that names a duplicate.
 */
export function parseDataOptions(options: readonly string[]): DataSource[] {
  const problems: string[] = [];
  const sources = [...BUILT_IN];
  for (const option of options) {
    try {
      sources.push(parseDataOption(option));
    } catch (error) {
      if (!(error instanceof DatasetError || error instanceof UserError)) throw error;
      problems.push(`--data ${option}: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  const names = sources.map((source) => source.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice)
    throw new UserError(`two datasets are called "${twice}"; give one of them another name with --data NAME=DIR`);
  return sources;
}

/** Parses one of them. @throws UserError or DatasetError if it is not a folder or has no known layout */
export function parseDataOption(option: string): DataSource {
  const [, kind, name, path] = OPTION.exec(option) ?? [];
  const directory = resolve(path ?? option);
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    const isNamed = name === undefined && option.includes('=');
    const hint = isNamed ? '; a name before "=" may have letters, digits, "_", "." and "-", but no spaces' : '';
    throw new UserError(`${directory} is not a folder${hint}`);
  }
  // macOS decomposes the letters of file names, and a name must be the same wherever somebody types it.
  return { name: (name ?? basename(directory)).normalize('NFC'), kind: kind ?? detectKind(directory), directory };
}

/**
 * Opens every dataset, and checks those that `checked` does not remember. Throws one UserError with all problems.
 * @param print gets what looks wrong with those that can be used
 */
export async function describeDatasets(
  sources: readonly DataSource[],
  checked: CheckedDatasets | null,
  print: (line: string) => void,
): Promise<DatasetInput[]> {
  const problems: string[] = [];
  const datasets: DatasetInput[] = [];
  for (const source of sources) {
    try {
      const { descriptor, facts } = await describe(source, checked);
      for (const warning of descriptor.warnings) print(`warning: dataset "${source.name}": ${warning}`);
      datasets.push(announce(descriptor, facts));
    } catch (error) {
      problems.push(`dataset "${source.name}" cannot be used:\n${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return datasets;
}

async function describe(
  source: DataSource,
  checked: CheckedDatasets | null,
): Promise<{ descriptor: DatasetDescriptor; facts: DatasetFacts | null }> {
  // The built-in datasets are the same everywhere, and are not counted.
  if (source.directory === null) return { descriptor: (await openDataset(source)).descriptor, facts: null };
  const { descriptor, inspection } = await inspectDataset(source, { checked });
  if (!descriptor) throw new DatasetError(`dataset "${source.name}" in ${source.directory}`, inspection.problems);
  return { descriptor, facts: datasetFacts(inspection) };
}

function announce(descriptor: DatasetDescriptor, facts: DatasetFacts | null): DatasetInput {
  const { name, kind, ignoreIndex, fingerprint, subsets, unlabelledImages, classes, warnings } = descriptor;
  return {
    name,
    kind,
    ignoreIndex,
    fingerprint,
    classes: classes.map((info) => ({ name: info.name, color: hex(info.color) })),
    trainImages: subsets.TRAIN,
    unlabelledImages,
    valImages: subsets.VAL,
    testImages: subsets.TEST,
    warnings: warnings.slice(0, MOST_WARNINGS),
    facts,
  };
}

function hex(color: readonly number[]): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
