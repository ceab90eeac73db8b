import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DataSource, type EntityManager } from 'typeorm';
import { migrations } from '../../../migrations/index.js';

/** A row as returned by `row_to_json`: by column name, with times as text and bytes as `\x…`. */
// biome-ignore lint/suspicious/noExplicitAny: each table has its own columns
export type DumpRow = Record<string, any>;

/** A database that an earlier version filled. */
export interface Dump {
  /** The migrations that had been applied, oldest first. */
  migrations: string[];
  /** Number of rows in each table. */
  counts: Record<string, number>;
  sequences: { name: string; last: number }[];
  rows(table: string): DumpRow[];
}

interface CountsFile {
  counts: { migrations: string[]; [table: string]: number | string[] };
  sequences: { s: string; v: string }[];
}

/** Reads `server/database/fixtures/<name>.ndjson.gz` and its counts. */
export function readDump(name: string): Dump {
  const file = (suffix: string) => readFileSync(new URL(`../../database/fixtures/${name}.${suffix}`, import.meta.url));
  const { counts, sequences } = JSON.parse(file('counts.json').toString()) as CountsFile;
  const tables = new Map<string, DumpRow[]>();
  for (const line of gunzipSync(file('ndjson.gz')).toString().trimEnd().split('\n')) {
    const [table, rows] = line.split('\t') as [string, string];
    tables.set(table, [...(tables.get(table) ?? []), ...(JSON.parse(rows) as DumpRow[])]);
  }
  const { migrations: applied, ...perTable } = counts;
  return {
    migrations: applied,
    counts: perTable as Record<string, number>,
    sequences: sequences.map(({ s, v }) => ({ name: s, last: Number(v) })),
    rows: (table) => tables.get(table) ?? [],
  };
}

/** Fills the empty database with the dump: the tables of its version, without later migrations, and its rows. */
export async function restoreDump(url: string, dump: Dump): Promise<void> {
  const applied = migrations.filter((migration) => dump.migrations.includes(new migration().name));
  const dataSource = new DataSource({ type: 'postgres', url, migrations: applied });
  await dataSource.initialize();
  try {
    const done = await dataSource.runMigrations();
    const names = done.map(({ name }) => name);
    if (names.join() !== dump.migrations.join()) {
      throw new Error(
        `the dump needs the migrations ${dump.migrations.join(', ')}, but only these exist: ${names.join(', ')}`,
      );
    }
    await dataSource.transaction((manager) => load(manager, dump));
  } finally {
    await dataSource.destroy();
  }
}

async function load(manager: EntityManager, dump: Dump): Promise<void> {
  // Tables are in alphabetical order, so a row may be loaded before the row that it refers to.
  await manager.query('SET LOCAL session_replication_role = replica');
  for (const table of Object.keys(dump.counts)) {
    await manager.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`, [
      JSON.stringify(dump.rows(table)),
    ]);
  }
  for (const { name, last } of dump.sequences) await manager.query('SELECT setval($1::regclass, $2)', [name, last]);
}
