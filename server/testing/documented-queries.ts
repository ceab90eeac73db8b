import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

/** An example in the docs. */
export interface DocumentedQuery {
  /** The text of the heading above it. */
  heading: string;
  /** The GraphQL document. */
  document: string;
  /** The JSON right after it: its variables, or the answer. */
  json: Record<string, unknown> | null;
}

/** The GraphQL examples of a page of the docs, in order. @param page relative to `docs` */
export function documentedQueries(page: string): DocumentedQuery[] {
  const text = readFileSync(join(packageRoot, 'docs', page), 'utf8');
  const [, ...sections] = text.split(/^##? /m);
  return sections.flatMap((section) => {
    const heading = section.slice(0, section.indexOf('\n'));
    const examples = section.matchAll(/^```graphql\n([\s\S]*?)^```$(?:\n\n^```json\n([\s\S]*?)^```$)?/gm);
    return [...examples].map(([, document, json]) => ({
      heading,
      document: document!,
      json: json === undefined ? null : JSON.parse(json),
    }));
  });
}
