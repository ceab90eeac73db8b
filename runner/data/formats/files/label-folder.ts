import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What people call the folder of the labels beside one called "images". The first name is the usual one. */
export const LABEL_FOLDERS: readonly string[] = ['labels', 'masks', 'annotations'];

/** The name of the folder of the labels; the usual one if there is none. Several are a problem. */
export function labelFolder(parent: string, problems: string[], names = LABEL_FOLDERS): string {
  const [name, other] = names.filter((each) => existsSync(join(parent, each)));
  if (other !== undefined) problems.push(`${parent}: has both ${name}/ and ${other}/; keep the one with the labels`);
  return name ?? names[0]!;
}
