import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { DataSource } from '../tracking/messages.js';
import type { Dataset, OpenDataset } from './dataset.js';
import { DatasetError } from './dataset-error.js';
import { openFiles } from './formats/files/files-dataset.js';
import type { FilesDatasetOptions, Opening } from './formats/files/files-options.js';
import { UNLABELLED } from './formats/files/unlabelled.js';
import type { ScanReport } from './formats/layout.js';
import { LAYOUTS, layoutOf } from './formats/layouts.js';
import { BUILT_IN_KINDS, openShapes } from './formats/shapes/shapes-dataset.js';

/** The built-in datasets, which have no files. Every runner has them. */
export const BUILT_IN: readonly DataSource[] = BUILT_IN_KINDS.map((kind) => ({ name: kind, kind, directory: null }));

/**
 * Opens a dataset and checks it completely, so that no run fails halfway because of a bad file.
 *
 * @param opening earlier results that make a complete check unnecessary
 * @throws DatasetError that lists every bad file, what is wrong with it and what to do.
 */
export async function openDataset(source: DataSource, opening: Opening = {}): Promise<OpenDataset> {
  return { ...(await open(source, opening)), source };
}

async function open(source: DataSource, opening: Opening): Promise<Dataset> {
  const isBuiltIn = BUILT_IN_KINDS.includes(source.kind);
  return isBuiltIn ? openShapes(source.name, source.kind) : openFiles(await scanSource(source), opening);
}

/** Finds the files of a dataset, without opening an image. @throws DatasetError */
export async function scanSource({ name, kind, directory }: DataSource): Promise<FilesDatasetOptions> {
  const layout = layoutOf(kind);
  // The source comes from another process, and this version may not know its kind.
  if (!layout) {
    const allowed = [...BUILT_IN_KINDS, ...LAYOUTS.map((each) => each.kind)].join(', ');
    throw new DatasetError(`dataset "${name}"`, [`unknown kind "${kind}"; allowed: ${allowed}`]);
  }
  if (directory === null)
    throw new DatasetError(`dataset "${name}"`, [`kind "${kind}" needs a folder, but none was given`]);
  if (!existsSync(directory)) throw new DatasetError(`dataset "${name}"`, [`${directory}: no such folder`]);
  const report: ScanReport = { problems: [], warnings: [] };
  const scan = await layout.scan(directory, report);
  if (report.problems.length === 0 && scan.files.TRAIN.length === 0)
    report.problems.push(`${directory}: no training image has a label, so nothing can be learned`);
  for (const within of UNLABELLED.map((each) => join(directory, each)).filter((path) => existsSync(path)))
    if (!scan.unlabelled.some(({ image }) => image.startsWith(within + sep)))
      report.warnings.push(`no image in ${relative(directory, within)}/ is used`);
  return { ...scan, ...report, name, kind, directory };
}
