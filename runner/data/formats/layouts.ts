import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError } from '../dataset-error.js';
import { CITYSCAPES, CITYSCAPES_EXTRA } from './cityscapes/cityscapes-layout.js';
import { CLASSES_FILE } from './classes-file.js';
import { namesIn } from './files/list-files.js';
import { FOLDER } from './folder/folder-layout.js';
import type { Layout } from './layout.js';
import { MFNET } from './mfnet/mfnet-layout.js';
import { PAIRS } from './pairs/pairs-layout.js';
import { PST900 } from './pst900/pst900-layout.js';
import { ROBOFLOW } from './roboflow/roboflow-layout.js';
import { ADE, COCO_STUFF, FTNET, MMSEGMENTATION } from './trees/trees.js';
import { VOC } from './voc/voc-layout.js';

/** All layouts. To add one, add it here (docs/datasets.md). */
export const LAYOUTS: readonly Layout[] = [
  ...[FOLDER, VOC, CITYSCAPES, CITYSCAPES_EXTRA],
  ...[ROBOFLOW, MMSEGMENTATION, ADE, MFNET, PST900, FTNET, COCO_STUFF, PAIRS],
];

/** The layout of this kind; undefined if there is none. */
export function layoutOf(kind: string): Layout | undefined {
  return LAYOUTS.find((layout) => layout.kind === kind);
}

/**
 * Detects the layout of a folder.
 *
 * @throws DatasetError when the folder has no layout, or more than one.
 */
export function detectKind(directory: string): string {
  const [found, another] = LAYOUTS.filter((layout) => layout.recognises(directory));
  if (found && !another) return found.kind;
  if (!found) {
    // Its subfolders are missing, which its scan says.
    if (existsSync(join(directory, CLASSES_FILE))) return FOLDER.kind;
    const wanted = LAYOUTS.map(({ kind, mark }) => `${mark} (${kind})`).join(', ');
    throw new DatasetError(directory, [
      `has none of ${wanted}; see docs/datasets.md for the layouts${hint(directory)}`,
    ]);
  }
  throw new DatasetError(directory, [
    `has ${found.mark} (${found.kind}) and ${another!.mark} (${another!.kind}), so its kind is ambiguous; name one of them ` +
      `before the folder: ${found.kind}:${directory}`,
  ]);
}

/** Unpacked archives often have a folder too many. */
function hint(directory: string): string {
  const within = namesIn(directory).map((name) => join(directory, name));
  const found = within.find((path) => LAYOUTS.some((layout) => layout.recognises(path)));
  return found ? `. Did you mean ${found}?` : '';
}
