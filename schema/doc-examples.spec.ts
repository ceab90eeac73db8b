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
\`\`\`json
{ "me": { "id": "x" } }
\`\`\`
\`\`\`graphql
{ me { name } }
\`\`\`
`;

it('finds the documents of a page, with their titles, variables and answers', () => {
  const none = { page: 'Filters', variables: null, answer: null };
  expect(docExamples(PAGE)).toEqual([
    { ...none, title: 'Filters', heading: 'Filters', document: '{ runs { totalCount } }' },
    {
      ...{ ...none, title: 'Failed runs', heading: 'By class', variables: '{ "n": 1 }' },
      document: 'query FailedRuns($n: Int) { runs(first: $n) { totalCount } }',
    },
    {
      ...{ ...none, title: 'By class', heading: 'By class', answer: '{ "me": { "id": "x" } }' },
      document: '{ me { id } }',
    },
    { ...none, title: 'By class (2)', heading: 'By class', document: '{ me { name } }' },
  ]);
});
