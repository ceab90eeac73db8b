import { expect, it } from 'vitest';
import { docExamples } from './doc-examples.js';

const PAGE = `# Filters
Text with \`code\`.
\`\`\`graphql
{ runs { totalCount } }
\`\`\`
## By class
\`\`\`sh
# no heading
\`\`\`
\`\`\`graphql
query FailedRuns($n: Int) { runs(first: $n) { totalCount } }
\`\`\`
Variables:
\`\`\`json
{ "n": 1 }
\`\`\`
\`\`\`json
{ "more": 2 }
\`\`\`
\`\`\`graphql
{ me { id } }
\`\`\`
\`\`\`graphql
{ me { name } }
\`\`\`
`;

it('finds the documents of a page, with their titles and variables', () => {
  expect(docExamples(PAGE)).toEqual([
    { page: 'Filters', title: 'Filters', document: '{ runs { totalCount } }', variables: null },
    {
      page: 'Filters',
      title: 'Failed runs',
      document: 'query FailedRuns($n: Int) { runs(first: $n) { totalCount } }',
      variables: '{ "n": 1 }',
    },
    { page: 'Filters', title: 'By class', document: '{ me { id } }', variables: null },
    { page: 'Filters', title: 'By class (2)', document: '{ me { name } }', variables: null },
  ]);
});
