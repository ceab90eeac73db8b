import type { DataSource } from '../tracking/messages.js';
import type { Dataset, DatasetDescriptor, OpenDataset } from './dataset.js';
import { DatasetError } from './dataset-error.js';
import { openFolder } from './folder/folder-dataset.js';
import { openShapes } from './shapes/shapes-dataset.js';

/** One opener a kind of dataset. A new kind is a line here and in `DataSource`. */
const OPENERS: Record<DataSource['kind'], (source: DataSource, known: DatasetDescriptor | null) => Promise<Dataset>> = {
  shapes: async ({ name }) => openShapes(name),
  folder: async ({ name, directory }, known) => {
    if (directory === null) {
      throw new DatasetError(`dataset "${name}"`, ['kind "folder" needs a directory; got null']);
    }
    return openFolder(name, directory, known);
  },
};

/**
 * Opens a dataset and checks it completely, so that no run meets a bad file halfway.
 *
 * @param known what opening it in another thread found: then it is not checked again as a whole, each file only when it is
 * read.
 * @throws DatasetError that names every bad file, its value, and what to do.
 */
export async function openDataset(source: DataSource, known: DatasetDescriptor | null = null): Promise<OpenDataset> {
  // The source crossed a process boundary: its kind may be one that this version does not know.
  if (!Object.hasOwn(OPENERS, source.kind)) {
    const allowed = Object.keys(OPENERS).join(', ');
    throw new DatasetError(`dataset "${source.name}"`, [`unknown kind "${source.kind}"; allowed: ${allowed}`]);
  }
  return { ...(await OPENERS[source.kind](source, known)), source };
}
