import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { DatasetInput } from '../../schema/generated/runner/graphql.js';
import type { DatasetDescriptor } from '../data/dataset.js';
import { openDataset } from '../data/open.js';
import type { DataSource } from '../tracking/messages.js';
import { UserError } from './errors.js';

/** Built in: every runner holds it. */
const SHAPES: DataSource = { name: 'shapes', kind: 'shapes', directory: null };

/**
 * The folders named by `--data DIR` or `--data NAME=DIR`, and the built-in dataset. Without NAME a dataset is called
 * what its folder is called. Throws a UserError for a folder that is none and for a name given twice.
 */
export function parseDataOptions(options: readonly string[]): DataSource[] {
  const sources = [SHAPES, ...options.map(parseDataOption)];
  const names = sources.map((source) => source.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new UserError(`two datasets are called "${twice}"; name one of them: --data NAME=DIR`);
  return sources;
}

function parseDataOption(option: string): DataSource {
  const [, name, path] = /^(?:([\w.-]+)=)?(.+)$/s.exec(option) ?? [];
  const directory = resolve(path ?? option);
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new UserError(`--data ${option}: ${directory} is not a folder`);
  }
  return { name: name ?? basename(directory), kind: 'folder', directory };
}

/** Opens and checks every dataset; throws one UserError that holds what is wrong with each of them. */
export async function describeDatasets(sources: readonly DataSource[]): Promise<DatasetInput[]> {
  const problems: string[] = [];
  const datasets: DatasetInput[] = [];
  for (const source of sources) {
    try {
      datasets.push(announce((await openDataset(source)).descriptor));
    } catch (error) {
      problems.push(`dataset "${source.name}" cannot be used:\n${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return datasets;
}

function announce(descriptor: DatasetDescriptor): DatasetInput {
  const { subsets, classes, ...rest } = descriptor;
  return {
    ...rest,
    classes: classes.map(({ name, color }) => ({ name, color: hex(color) })),
    trainImages: subsets.TRAIN,
    valImages: subsets.VAL,
    testImages: subsets.TEST,
  };
}

function hex(color: readonly number[]): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
