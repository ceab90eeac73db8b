import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocExample, docExamples } from '../../schema/doc-examples.js';
import { packageRoot } from '../package-root.js';

/** The text of a page. @param page relative to `docs` */
export const pageOfDocs = (page: string): string => readFileSync(join(packageRoot, 'docs', page), 'utf8');

/** The GraphQL examples of a page, in order. @param page relative to `docs` */
export const documentedExamples = (page: string): DocExample[] => docExamples(pageOfDocs(page));

/** The blocks of a language in Markdown, in order. */
export const blocksOf = (markdown: string, language: string): string[] =>
  [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!);

/** The variables that a document declares, out of those that are known. @throws Error for one that is not */
export function variablesFor(document: string, known: Record<string, unknown>): Record<string, unknown> {
  const names = [...document.matchAll(/\$(\w+):/g)].map(([, name]) => name!);
  const unknown = names.filter((name) => known[name] === undefined);
  if (unknown.length > 0) throw new Error(`no value for ${unknown.join()} in ${document}`);
  return Object.fromEntries(names.map((name) => [name, known[name]]));
}
