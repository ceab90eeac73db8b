import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Real images that lie beside the repository; a newcomer does not have them. */
export const CAMVID = sharedFolder('camvid-small');
export const VOC = sharedFolder('voc-layout/VOCdevkit');
export const CITYSCAPES = sharedFolder('cityscapes-layout');
/** List files of published splits. */
export const SPLITS = sharedFolder('splits');

/** Whether the tests on one of them can run; on CI its absence is a failure. */
export function hasShared(folder: string): boolean {
  if (existsSync(folder)) return true;
  if (process.env.CI === 'true') throw new Error(`${folder} is missing; CI must have it`);
  return false;
}

function sharedFolder(name: string): string {
  return fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));
}
