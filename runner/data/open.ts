import type { DataSource, DatasetKind } from '../tracking/messages.js';
import type { Dataset, OpenDataset } from './dataset.js';
import { DatasetError } from './dataset-error.js';
import { openCityscapes, openCityscapesExtra } from './formats/cityscapes/cityscapes-dataset.js';
import type { Opening } from './formats/files/files-options.js';
import { openFolder } from './formats/folder/folder-dataset.js';
import { openShapes } from './formats/shapes/shapes-dataset.js';
import { openVoc } from './formats/voc/voc-dataset.js';

type Open = (source: DataSource, opening: Opening) => Promise<Dataset>;

/** One opener a kind of dataset. A new kind is a line here and in `DATASET_KINDS`. */
const OPENERS: Record<DatasetKind, Open> = {
  shapes: async ({ name }) => openShapes(name),
  folder: inDirectory(openFolder),
  voc: inDirectory(openVoc),
  cityscapes: inDirectory(openCityscapes),
  cityscapes_extra: inDirectory(openCityscapesExtra),
};

/**
 * Opens a dataset and checks it completely, so that no run meets a bad file halfway.
 *
 * @param opening what may spare checking it as a whole
 * @throws DatasetError that names every bad file, its value, and what to do.
 */
export async function openDataset(source: DataSource, opening: Opening = {}): Promise<OpenDataset> {
  // The source crossed a process boundary: its kind may be one that this version does not know.
  if (!Object.hasOwn(OPENERS, source.kind)) {
    const allowed = Object.keys(OPENERS).join(', ');
    throw new DatasetError(`dataset "${source.name}"`, [`unknown kind "${source.kind}"; allowed: ${allowed}`]);
  }
  return { ...(await OPENERS[source.kind](source, opening)), source };
}

function inDirectory(open: (name: string, directory: string, opening: Opening) => Promise<Dataset>): Open {
  return async ({ name, kind, directory }, opening) => {
    if (directory === null) throw new DatasetError(`dataset "${name}"`, [`kind "${kind}" needs a directory; got null`]);
    return open(name, directory, opening);
  };
}
