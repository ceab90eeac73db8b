/** A document that costs the server more than its client, or that its parser and rules may stumble over. */
export interface NamedDocument {
  name: string;
  /** Made only when it is sent: some have megabytes. */
  document(): string;
}

const many = (count: number, text: (index: number) => string, separator = ' ') =>
  Array.from({ length: count }, (_, index) => text(index)).join(separator);

/** Sizes in tokens. The largest exceeds what any transport should admit. */
const TOKENS = [1000, 10_000, 100_000, 4_000_000];

export const NAMED_DOCUMENTS: readonly NamedDocument[] = [
  ...TOKENS.map((count) => ({ name: `${count} fields`, document: () => `{ ${'a '.repeat(count)}}` })),
  ...TOKENS.slice(0, 3).flatMap((count) => [
    { name: `${count} aliases`, document: () => `{ ${many(count, (i) => `a${i}: server { version }`)} }` },
    { name: `${count} times __typename`, document: () => `{ ${'__typename '.repeat(count)}}` },
    { name: `${count} directives`, document: () => `{ server ${'@include(if: true) '.repeat(count)}{ version } }` },
    { name: `${count} unknown directives`, document: () => `{ server ${'@x '.repeat(count)}{ version } }` },
    {
      name: `${count} entries of a literal`,
      document: () => `{ compareClassIous(runIds: [${'"a" '.repeat(count)}]) { run { id } } }`,
    },
    { name: `${count} commas`, document: () => `{ server { version } } ${','.repeat(count)}` },
    { name: `a comment of ${count} characters`, document: () => `{ server { version } } # ${'x'.repeat(count)}` },
    { name: `a name of ${count} characters`, document: () => `{ ${'x'.repeat(count)} }` },
    { name: `a text of ${count} characters`, document: () => `{ dataset(name: "${'x'.repeat(count)}") { id } }` },
    {
      name: `a block text of ${count} lines`,
      document: () => `{ dataset(name: """${' x\n'.repeat(count)}""") { id } }`,
    },
    { name: `a number of ${count} digits`, document: () => `{ run(number: ${'9'.repeat(count)}) { id } }` },
  ]),
  ...TOKENS.slice(0, 3).flatMap((count) => [
    { name: `${count} levels`, document: () => `${'{ a '.repeat(count)}${'}'.repeat(count)}` },
    { name: `${count} levels without an end`, document: () => '{a'.repeat(count) },
    {
      name: `a list of ${count} levels`,
      document: () => `{ dataset(name: ${'['.repeat(count)}${']'.repeat(count)}) { id } }`,
    },
    {
      name: `an object of ${count} levels`,
      document: () => `{ dataset(name: ${'{a:'.repeat(count)}1${'}'.repeat(count)}) { id } }`,
    },
    {
      name: `${count} inline fragments`,
      document: () => `{ ${'... { '.repeat(count)}server { version }${' }'.repeat(count)} }`,
    },
    {
      name: `a type of ${count} levels`,
      document: () => `query ($x: ${'['.repeat(count)}Int${']'.repeat(count)}) { server { version } }`,
    },
    { name: `${count} operations`, document: () => many(count, (i) => `query Q${i} { server { version } }`) },
    {
      name: `${count} variables`,
      document: () => `query (${many(count, (i) => `$v${i}: Int`)}) { server { version } }`,
    },
    {
      name: `${count} fragments`,
      document: () => `{ ...F0 } ${many(count, (i) => `fragment F${i} on Query { ...F${i + 1} }`)}`,
    },
    {
      name: `${count} spreads`,
      document: () => `{ ${'...F '.repeat(count)}} fragment F on Query { server { version } }`,
    },
    { name: `${count} times the same field`, document: () => `{ ${'server { version } '.repeat(count)}}` },
    {
      name: `${count} times the same field with arguments`,
      document: () => `{ ${many(count, (i) => `run(number: ${i}) { id }`)} }`,
    },
  ]),
  {
    name: 'fragments that double',
    document: () =>
      `{ ...F0 } ${many(40, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F40 on Query { server { version } }`,
  },
  { name: 'a fragment in itself', document: () => '{ ...F } fragment F on Query { ...F server { version } }' },
  {
    name: 'deep introspection',
    document: () => `{ __schema { types { fields { type { ${'ofType { '.repeat(12)}name${' }'.repeat(12)} } } } } }`,
  },
  {
    name: 'circular introspection',
    document: () => `{ __schema { types { ${'fields { type { '.repeat(6)}name${' } }'.repeat(6)} } } }`,
  },
  {
    name: 'the tables of many studies',
    document: () =>
      '{ studies(first: 60) { edges { node { table { subset rows { n runs { id } classIous { mean } } } } } } }',
  },
  {
    name: 'one point of every series of many runs',
    document: () =>
      '{ runs(first: 60) { edges { node { metrics(maxPoints: 1) { steps values } series { points } } } } }',
  },
  {
    name: 'the points of a run, fifty times',
    document: () =>
      `{ run(number: 1) { ${many(50, (i) => `a${i}: metrics(maxPoints: 1, fromStep: ${i}) { total }`)} } }`,
  },
  {
    name: 'the confusion matrices of many runs',
    document: () => '{ runs(first: 15) { edges { node { evaluations { confusion classIous { iou } } } } } }',
  },
  { name: 'a type system', document: () => 'type Query { a: Int } extend type Run { x: Int } directive @d on FIELD' },
  { name: 'a subscription of two fields', document: () => 'subscription { runDeleted runQueued }' },
  { name: 'a deferred fragment', document: () => '{ ... @defer { server { version } } }' },
  { name: 'an empty document', document: () => '' },
  { name: 'NUL', document: () => '{ server { version } }\0' },
  { name: 'a lone surrogate', document: () => '{ dataset(name: "\\uD800") { id } }' },
  { name: 'an escape beyond Unicode', document: () => '{ dataset(name: "\\u{110000}") { id } }' },
];
