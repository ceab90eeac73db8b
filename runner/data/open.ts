import type { DataSource, DatasetKind } from '../tracking/messages.js';
import type { Dataset, OpenDataset } from './dataset.js';
import { DatasetError } from './dataset-error.js';
import { openCityscapes, openCityscapesExtra } from './formats/cityscapes/cityscapes-dataset.js';
import type { Opening } from './formats/files/files-options.js';
import { openFolder } from './formats/folder/folder-dataset.js';
import { openShapes } from './formats/shapes/shapes-dataset.js';
import { openVoc } from './formats/voc/voc-dataset.js';

type Open = (source: DataSource, opening: Opening) => Promise<Dataset>;

/** One opener per kind of dataset. To add a kind, add a line here and in `DATASET_KINDS`. */
const OPENERS: Record<DatasetKind, Open> = {
  shapes: async ({ name }) => openShapes(name),
  folder: inDirectory(openFolder),
  voc: inDirectory(openVoc),
  cityscapes: inDirectory(openCityscapes),
  cityscapes_extra: inDirectory(openCityscapesExtra),
};

/**
 * Opens a dataset and checks it completely, so that no run fails halfway because of a bad file.
 *
 * @param opening earlier results that make a complete check unnecessary
 * @throws DatasetError that lists every bad file, what is wrong with it and what to do.
 */
export async function openDataset(source: DataSource, opening: Opening = {}): Promise<OpenDataset> {
  // The source comes from another process, and this version may not know its kind.
  if (!Object.hasOwn(OPENERS, source.kind)) {
    const allowed = Object.keys(OPENERS).join(', ');
    throw new DatasetError(`dataset "${source.name}"`, [`unknown kind "${source.kind}"; allowed: ${allowed}`]);
  }
  return { ...(await OPENERS[source.kind](source, opening)), source };
}

function inDirectory(open: (name: string, directory: string, opening: Opening) => Promise<Dataset>): Open {
  return async ({ name, kind, directory }, opening) => {
    if (directory === null)
      throw new DatasetError(`dataset "${name}"`, [`kind "${kind}" needs a folder, but none was given`]);
    return open(name, directory, opening);
  };
}
