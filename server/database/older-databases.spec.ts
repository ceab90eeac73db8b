import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Content, contentOf } from '../testing/dump/content.js';
import { readDump, restoreDump } from '../testing/dump/dump.js';
import { countRows, hashBehind, readContent } from '../testing/dump/read-content.js';
import { readTables, tablesOf } from '../testing/dump/study-tables.js';
import { testDatabase } from '../testing/test-database.js';
import { TestServer, USER_TOKEN } from '../testing/test-server.js';
import { migrate } from './migrate.js';

/** Sums in a different order may differ in the last digits. */
const DIGITS = 12;

/** A matcher for the value that compares its numbers, at any depth, to DIGITS digits. */
function close(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, DIGITS);
  if (Array.isArray(value)) return value.map(close);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, close(inner)]));
}

describe.each(['database-0006'])('%s, migrated', (name) => {
  const database = testDatabase({ migrated: false });
  const server = new TestServer(database, {});
  const dump = readDump(name);
  const expected = contentOf(dump);
  let read: Content;

  beforeAll(async () => {
    await restoreDump(database.url, dump);
    await migrate(database.dataSource, database.url);
  });
  afterAll(() => server.stop());

  it('keeps every row of every table', async () => {
    expect(dump.counts).toEqual(
      Object.fromEntries(Object.keys(dump.counts).map((table) => [table, dump.rows(table).length])),
    );
    expect(await countRows(database.dataSource, dump)).toEqual(dump.counts);
  });

  it('gives each person one account, and nobody more than before', async () => {
    const rows = await database.dataSource.query(
      `SELECT accounts.name, role, count(tokens.id)::int AS tokens
       FROM accounts LEFT JOIN tokens ON account_id = accounts.id GROUP BY accounts.id ORDER BY name`,
    );
    expect(rows).toEqual([
      { name: 'admin', role: 'ADMIN', tokens: 0 },
      { name: 'kwon', role: 'MEMBER', tokens: 2 },
      { name: 'local', role: 'ADMIN', tokens: 0 },
    ]);
  });

  describe('as the API returns it', () => {
    beforeAll(async () => {
      await server.start();
      read = await readContent(server);
    });

    it.each(Object.keys(expected) as (keyof Content)[])('has the %s of the dump', (what) => {
      expect(Object.values(expected[what]).length).toBeGreaterThan(0);
      expect(read[what]).toEqual(what === 'pseudoLabels' ? close(expected[what]) : expected[what]);
    });

    it('has the checkpoints of the dump, byte for byte', async () => {
      for (const { sha256 } of dump.rows('checkpoints')) {
        expect(await hashBehind(server, `/blobs/${sha256}`)).toBe(sha256);
      }
    });

    it('computes the tables of its studies from the evaluations of the dump', async () => {
      const tables = tablesOf(dump);
      expect(Object.values(tables).flat().length).toBeGreaterThan(5);
      expect(await readTables(server)).toEqual(close(tables));
    });

    it('has no authors, because earlier versions did not know them', async () => {
      const { runs, studies } = await server.ask(`{
        runs(first: 100) { edges { node { author { name } } } } studies { edges { node { author { name } } } } }`);
      const nodes = [...runs.edges, ...studies.edges].map(({ node }) => node);
      expect(nodes).toHaveLength(expected.runs.length + expected.studies.length);
      expect(nodes.every(({ author }) => author === null)).toBe(true);
    });

    it('numbers new runs after the last one of the dump', async () => {
      const { createRun } = await server.ask(
        'mutation ($config: JSONObject!) { createRun(input: { config: $config }) { number } }',
        { config: dump.rows('runs')[0]!.config },
        USER_TOKEN,
      );
      expect(createRun.number).toBe(Math.max(...expected.runs.map(({ number }) => number)) + 1);
    });
  });
});
