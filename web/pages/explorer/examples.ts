import { type DocExample, docExamples } from '../../../schema/doc-examples.js';

const PAGES = import.meta.glob<string>('../../../docs/api/*.md', { query: '?raw', import: 'default', eager: true });

/** The examples of the documentation of the API: those of each page that has some. A test executes each of them. */
export const EXAMPLES: readonly (readonly DocExample[])[] = Object.values(PAGES)
  .map(docExamples)
  .filter((examples) => examples.length > 0);
