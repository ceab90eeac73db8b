import { getIntrospectionQuery, Lexer, Source, TokenKind } from 'graphql';
import { MAX_VALUES, MAX_VALUES_OF_REPORT } from '../../server/graphql/json-limits.js';
import { MAX_TEXT_LENGTH, MAX_TOKENS } from '../../server/graphql/text-limits.js';

/** A request that is as expensive as its kind can be within the limits of a transport. */
export interface Expensive {
  name: string;
  query: string;
  variables?: Record<string, unknown>;
}

/** Room for the comment that makes each request new. */
const CHARACTERS = MAX_TEXT_LENGTH - 10;
const ALIASES = 50;

const repeat = (count: number, part: (index: number) => string, separator = ' '): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(separator);

/** What parsing and validation cost. Each document is as large as the limits allow. */
export function expensiveDocuments(): Expensive[] {
  const fitting = (name: string, make: (count: number) => string): Expensive => ({ name, query: largest(make) });
  return [
    fitting('a field, over and over', (n) => `{ server { ${repeat(n, () => 'version')} } }`),
    fitting('a field with a selection', (n) => `{ ${repeat(n, () => 'server { version }')} }`),
    fitting('a field with two', (n) => `{ ${repeat(n, () => 'server { version authRequired }')} }`),
    fitting('a field with an argument', (n) => `{ ${repeat(n, () => 'run(id: "x") { name }')} }`),
    fitting('fields that conflict', (n) => `{ ${repeat(n, (i) => `run(id: "${i}") { name }`)} }`),
    fitting('aliases', (n) => `{ ${repeat(n, (i) => `a${i}: server { version }`)} }`),
    fitting('unknown fields', (n) => `{ ${repeat(n, (i) => `n${i}`)} }`),
    fitting('long unknown fields', (n) => `{ ${repeat(n, (i) => `runs${i}${'x'.repeat(380)}`)} }`),
    fitting('one endless name', (n) => `{ ${'x'.repeat(n)} }`),
    fitting('a deep document', (n) => `{ ${deep(Math.min(n, 11))} }`),
    fitting('twins at each level', (n) => `{ ${twins(Math.min(n, 8))} }`),
    fitting(
      'wide levels',
      (n) => `{ ${repeat(n, () => 'runs { edges { node { study { name } dataset { name } } } }')} }`,
    ),
    fitting('fragments side by side', sideBySide),
    fitting('fragments that spread each other', chain),
    fitting('fragments that spread all others', (n) => mesh(Math.min(n, 100))),
    fitting('fragments in fields', (n) => `{ ${repeat(n, () => 'server { ...F ...G }')} } ${PAIR}`),
    fitting('inline fragments', (n) => `{ ${repeat(n, () => '... on Query { server { version } }')} }`),
    fitting('unused variables', (n) => `query (${repeat(n, (i) => `$v${i}: Int`)}) { server { version } }`),
    fitting('directives', (n) => `{ server { version ${repeat(n, () => '@skip(if: true)')} } }`),
    fitting(
      'misspelt enums',
      (n) => `{ ${repeat(n, (i) => `r${i}: runs(orderBy: { field: NAM${i} }) { totalCount }`)} }`,
    ),
    fitting('an object of many keys', (n) => `{ runs(filter: { ${repeat(n, (i) => `k${i}: 1`)} }) { totalCount } }`),
    fitting('a list of many texts', (n) => `{ runs(filter: { tags: [${repeat(n, () => '""')}] }) { totalCount } }`),
    fitting('a long text', (n) => `{ runs(filter: { search: "${'x'.repeat(n)}" }) { totalCount } }`),
    fitting('a long block', (n) => `{ runs(filter: { search: """${'\n '.repeat(n)}""" }) { totalCount } }`),
    fitting('operations', (n) => repeat(n, (i) => `query Q${i} { server { version } }`)),
  ];
}

/** The largest document of this kind that has no more characters and tokens than are allowed. */
function largest(make: (count: number) => string): string {
  let [fits, tooMany] = [1, CHARACTERS];
  while (tooMany - fits > 1) {
    const count = Math.floor((fits + tooMany) / 2);
    if (isAllowed(make(count))) fits = count;
    else tooMany = count;
  }
  return make(fits);
}

function isAllowed(text: string): boolean {
  if (text.length > CHARACTERS) return false;
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  while (lexer.advance().kind !== TokenKind.EOF) if (++tokens > MAX_TOKENS) return false;
  return true;
}

/** What execution costs without any data. A caller without a token may ask for none of it. */
export function expensiveAnswers(): Expensive[] {
  const schema = getIntrospectionQuery();
  const selection = schema.slice(
    schema.indexOf('__schema'),
    schema.lastIndexOf('}', schema.indexOf('fragment FullType') - 1),
  );
  const fragments = schema.slice(schema.indexOf('fragment FullType'));
  const aliased = (count: number) => `{ ${repeat(count, (i) => `a${i}: ${selection}`)} } ${fragments}`;
  return [
    { name: 'the whole schema', query: schema },
    { name: 'the whole schema, several times', query: aliased(8) },
    { name: 'the schema of configurations', query: `{ ${repeat(ALIASES, (i) => `a${i}: runConfigSchema`)} }` },
    { name: 'many lists', query: `{ ${repeat(ALIASES, (i) => `a${i}: runs(first: 100) { totalCount }`)} }` },
  ];
}

/** What bodies cost: variables of as many values as a body may have. */
export function expensiveBodies(): Expensive[] {
  const numbers = new Array<number>(MAX_VALUES - 100).fill(0);
  const queue = 'mutation ($config: JSONObject!) { createRun(input: { config: $config }) { id } }';
  return [
    { name: 'unused values', query: '{ server { version } }', variables: { x: numbers } },
    {
      name: 'wrong values',
      query: 'query ($tags: [String!]) { runs(filter: { tags: $tags }) { totalCount } }',
      variables: { tags: numbers },
    },
    { name: 'a configuration of many keys', query: queue, variables: { config: keys(MAX_VALUES - 100) } },
    { name: 'a configuration of many values', query: queue, variables: { config: { method: numbers } } },
  ];
}

/** What only a runner may send. */
export function expensiveReports(): Expensive[] {
  const query = 'mutation ($report: AttemptReportInput!) { reportAttempt(report: $report) { directive } }';
  const report = (content: object) => ({
    report: { attemptId: '00000000-0000-4000-8000-000000000000', fence: 1, sequence: 1, ...content },
  });
  const confusion = new Array<number>(MAX_VALUES_OF_REPORT - 100).fill(123_456_789);
  const wrong = new Array<string>(confusion.length).fill('not a number');
  const points = new Array<number>(confusion.length / 2).fill(1);
  return [
    {
      name: 'a confusion matrix',
      query,
      variables: report({ evaluations: [{ step: 1, network: 'BRANCH1', subset: 'VAL', confusion }] }),
    },
    {
      name: 'a wrong confusion matrix',
      query,
      variables: report({ evaluations: [{ step: 1, network: 'BRANCH1', subset: 'VAL', confusion: wrong }] }),
    },
    { name: 'points', query, variables: report({ points: [{ series: 'loss', steps: points, values: points }] }) },
    {
      name: 'a long line',
      query,
      variables: report({ log: [{ at: '2026-01-01T00:00:00Z', level: 'INFO', message: 'x'.repeat(8_000_000) }] }),
    },
    { name: 'many lines', query, variables: report({ log: lines(MAX_VALUES_OF_REPORT / 4 - 100) }) },
  ];
}

/** Brackets may be nested 64 levels deep; each of these has four. */
function deep(levels: number): string {
  return levels === 0 ? 'runs { totalCount }' : `runs { edges { node { study { ${deep(levels - 1)} } } } }`;
}

function twins(levels: number): string {
  if (levels === 0) return 'runs { totalCount }';
  const level = `runs { edges { node { study { ${twins(levels - 1)} } } } }`;
  return `${level} ${level}`;
}

const PAIR = 'fragment F on ServerInfo { version version } fragment G on ServerInfo { version version }';

function sideBySide(count: number): string {
  const fragments = repeat(count, (i) => `fragment F${i} on Query { server { version } }`);
  return `{ ${repeat(count, (i) => `...F${i}`)} } ${fragments}`;
}

/** Each fragment spreads the next one twice. */
function chain(count: number): string {
  const fragments = repeat(count, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
  return `{ ...F0 } ${fragments} fragment F${count} on Query { server { version } }`;
}

function mesh(count: number): string {
  const spreads = (from: number) => repeat(count - from, (i) => `...F${from + i}`);
  return `{ ...F0 } ${repeat(count, (i) => `fragment F${i} on Query { server { version } ${spreads(i + 1)} }`)}`;
}

function keys(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index]));
}

function lines(count: number): object[] {
  return Array.from({ length: count }, () => ({ at: '2026-01-01T00:00:00Z', level: 'INFO', message: '' }));
}
