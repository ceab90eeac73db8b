import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

/** The blocks of a language in a page of the docs, in order. */
export function blocksOf(page: string, language: string): string[] {
  const text = readFileSync(join(packageRoot, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, block]) => block!);
}

/** The names of the variables that a document declares. */
export const variablesIn = (document: string): string[] => [
  ...new Set([...document.matchAll(/\$(\w+):/g)].map(([, name]) => name!)),
];
