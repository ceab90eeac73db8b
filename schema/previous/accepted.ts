/**
 * Differences from the previous version that `schema/previous.spec.ts` would refuse, by graphql-js's description of them, and why
 * no document of that version breaks (docs/decisions/0025-old-arguments-and-fields.md).
 */
export const ACCEPTED: Readonly<Record<string, string>> = Object.fromEntries(
  ['Evaluation.images', 'Query.auditLog', 'Query.runs', 'Query.studies', 'Query.tokens', 'Study.runs'].map((list) => [
    `${list} arg first defaultValue was removed.`,
    'Without `first` and `last`, a page still has 25 items: `sliceOf` has the default that the schema had.',
  ]),
);
