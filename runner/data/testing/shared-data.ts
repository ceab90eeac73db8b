import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Real images in a folder next to the repository, which a new clone does not have. */
export const CAMVID = sharedFolder('data/camvid-small');
export const VOC = sharedFolder('data/voc-layout/VOCdevkit');
export const CITYSCAPES = sharedFolder('data/cityscapes-layout');
/** The list files of published splits. */
export const SPLITS = sharedFolder('data/splits');
/** Small datasets made after public reports of trouble, one a folder. */
export const CASES = sharedFolder('cases');

/** Whether the tests on one of these folders can run. On CI, a missing folder is an error. */
export function hasShared(folder: string): boolean {
  if (existsSync(folder)) return true;
  if (process.env.CI === 'true') throw new Error(`${folder} is missing; CI must have it`);
  return false;
}

function sharedFolder(name: string): string {
  return fileURLToPath(new URL(`../../../../shared/${name}`, import.meta.url));
}
