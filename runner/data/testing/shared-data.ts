import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Real images in a folder next to the repository, which a new clone does not have. */
export const CAMVID = sharedFolder('camvid-small');
export const VOC = sharedFolder('voc-layout/VOCdevkit');
export const CITYSCAPES = sharedFolder('cityscapes-layout');
/** The list files of published splits. */
export const SPLITS = sharedFolder('splits');

/** Whether the tests on one of these folders can run. On CI, a missing folder is an error. */
export function hasShared(folder: string): boolean {
  if (existsSync(folder)) return true;
  if (process.env.CI === 'true') throw new Error(`${folder} is missing; CI must have it`);
  return false;
}

function sharedFolder(name: string): string {
  return fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));
}
