import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { TestProject } from 'vitest/node';
import { migrations } from '../../migrations/index.js';
import { temporaryFolder } from '../../processes/memory.global-setup.js';
import { EmbeddedPostgres } from '../database/embedded-postgres.js';
import { createLogger } from '../logger.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A Postgres on which tests may create databases. */
    postgresUrl: string;
    /** A migrated database to clone. Nothing is connected to it. The names of the test databases begin with its name. */
    templateDatabase: string;
    /** Whether each database is dropped after its tests, and not all of them at the end. */
    dropEarly: boolean;
  }
}

/**
 * One Postgres for the whole test run: TEST_DATABASE_URL, or an embedded one. Migrations run once; tests clone the result.
 *
 * A clone has over 300 files, which a disk's file system takes five times as long to create as one in memory. On a disk, the
 * databases are dropped at the end: dropping each after its tests takes a tenth of the run, because it forces a checkpoint,
 * and because the file system then avoids the places that were just freed. In memory, each is dropped after its tests, so that
 * they take little of it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const { path, inMemory } = temporaryFolder(project);
  const directory = mkdtempSync(join(path, 'crosscheck-postgres-'));
  const embedded = given ? null : await EmbeddedPostgres.start(directory, createLogger('warn'));
  const url = given ?? embedded!.url;
  if (embedded) await forgetOnPowerLoss(url);
  const template = `crosscheck_template_${process.pid}`;
  await onServer(url, `CREATE DATABASE ${template}`);
  const dataSource = new DataSource({ type: 'postgres', url: databaseUrl(url, template), migrations });
  await dataSource.initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
  project.provide('postgresUrl', url);
  project.provide('templateDatabase', template);
  project.provide('dropEarly', inMemory && !given);
  return async () => {
    if (given) await dropAll(url, template);
    await embedded?.stop();
    rmSync(directory, { recursive: true });
  };
}

async function dropAll(url: string, template: string): Promise<void> {
  const rows = await onServer<{ name: string }>(
    url,
    `SELECT datname AS name FROM pg_database WHERE starts_with(datname, '${template}')`,
  );
  for (const { name } of rows) await onServer(url, `DROP DATABASE ${name} WITH (FORCE)`);
}

/** Waiting for the disk takes most of the time to create and drop a database, and these need not survive a power failure. */
async function forgetOnPowerLoss(url: string): Promise<void> {
  for (const setting of ['fsync', 'full_page_writes']) await onServer(url, `ALTER SYSTEM SET ${setting} = off`);
  await onServer(url, 'SELECT pg_reload_conf()');
}

/** The URL of another database on the same server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs one statement in the server's default database. */
export async function onServer<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
