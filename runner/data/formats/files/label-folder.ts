import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What people call the folder of the labels beside one called "images". The first name is the usual one. */
export const LABEL_FOLDERS = ['labels', 'masks', 'annotations'] as const;

/** The name of the folder of the labels; the usual one if there is none. */
export function labelFolder(parent: string): string {
  return LABEL_FOLDERS.find((name) => existsSync(join(parent, name))) ?? LABEL_FOLDERS[0];
}
