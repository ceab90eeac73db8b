import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

/** An example in the docs. */
export interface DocumentedQuery {
  /** The text of the heading above it. */
  heading: string;
  /** The GraphQL document. */
  document: string;
}

/** The GraphQL examples of a page of the docs, in order. @param page relative to `docs` */
export function documentedQueries(page: string): DocumentedQuery[] {
  const text = readFileSync(join(packageRoot, 'docs', page), 'utf8');
  const [, ...sections] = text.split(/^##? /m);
  return sections.flatMap((section) => {
    const heading = section.slice(0, section.indexOf('\n'));
    return [...section.matchAll(/^```graphql\n([\s\S]*?)^```$/gm)].map(([, document]) => ({
      heading,
      document: document!,
    }));
  });
}
