import { beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../testing/empty-tables.js';
import { insertAttempt, insertDataset, insertRun, insertRunner } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { undoMigration } from '../testing/undo-migration.js';

const { dataSource } = testDatabase();

const MATRIX = `UPDATE studies SET base = '{}', matrix = '{}'`;
const EDIT = `INSERT INTO edits (account_id, run_id, field) SELECT account.id, run.id, 'name' FROM accounts account, runs run LIMIT 1`;
const AUDITED = `INSERT INTO audit_log (operation, targets, arguments, outcome, changes) VALUES ('x', '{}', '{}', 'OK', '[{}]')`;
const SAVED = `INSERT INTO saved_filters (owner_id, name, query) SELECT id, 'mine', 'seed = 1' FROM accounts LIMIT 1`;

beforeEach(async () => {
  await emptyTables(dataSource, 'attempts', 'runs', 'studies', 'runners', 'datasets', 'audit_log', 'saved_filters');
  await dataSource.query('ALTER SEQUENCE run_numbers RESTART');
  const run = await insertRun(dataSource, await insertDataset(dataSource));
  await insertRun(dataSource, await insertDataset(dataSource, 'other'));
  await insertAttempt(dataSource, run, await insertRunner(dataSource));
  await dataSource.query(`INSERT INTO studies (name) VALUES ('ratios')`);
});

/** What a table holds, so that a refusal is seen to change nothing. */
const held = async () => {
  const [row] = await dataSource.query(
    `SELECT (SELECT array_agg(name || notes || coalesce(archived_at::text, '') ORDER BY number) FROM runs) AS runs,
       (SELECT array_agg(name || tags::text || coalesce(matrix::text, '')) FROM studies) AS studies,
       (SELECT count(*)::int FROM edits) AS edits, (SELECT count(*)::int FROM saved_filters) AS filters,
       (SELECT array_agg(name || paused || renamed) FROM runners) AS runners`,
  );
  return row;
};

describe('a migration is not reverted', () => {
  it.each<[string, string, string]>([
    ['Editing', `UPDATE runs SET notes = 'mine'`, 'the notes of run 1 and 1 more'],
    ['Editing', 'UPDATE runs SET archived_at = now() WHERE number = 2', 'the archived state of run 2'],
    ['Editing', `UPDATE runs SET parent_number = 1, parent_kind = 'CLONE' WHERE number = 2`, 'the parents of run 2'],
    ['Editing', `UPDATE studies SET tags = '{paper}'`, 'the tags of study "ratios"'],
    ['Editing', 'UPDATE studies SET archived_at = now()', 'the archived state of study "ratios"'],
    ['Editing', 'UPDATE studies SET baseline_id = (SELECT id FROM runs LIMIT 1)', 'the baselines of study "ratios"'],
    ['Editing', EDIT, 'the history of edits of edit'],
    ['Editing', AUDITED, 'the changes of audit entry'],
    ['Editing', SAVED, 'the query of saved filter "mine"'],
    ['Editing', 'UPDATE runners SET paused = true', 'the paused state of runner "gpu-1"'],
    ['Editing', 'UPDATE runners SET renamed = true', 'the names that people gave of runner "gpu-1"'],
    ['StudiesAndCode', MATRIX, 'the matrix of study "ratios"'],
    ['StudiesAndCode', `UPDATE attempts SET version = '0.1.0'`, 'the code of attempt'],
    ['Origins', `UPDATE runs SET state = 'FAILED', origin = 'LOGGED' WHERE number = 2`, 'the origins of run 2'],
  ])('%s, after %s', async (name, change, lost) => {
    await dataSource.query(change);
    const before = await held();
    await expect(undoMigration(dataSource, name)).rejects.toThrow(`going back would lose ${lost}`);
    await dataSource.runMigrations();
    expect(await held()).toEqual(before);
  });

  it('otherwise: it can be reverted while nothing would be lost', async () => {
    await undoMigration(dataSource, 'Editing');
    await dataSource.runMigrations();
    expect(await dataSource.query('SELECT name FROM studies')).toEqual([{ name: 'ratios' }]);
  });
});
