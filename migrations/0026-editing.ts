import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Loss, RUN, refuseLoss, STUDY } from './refuse-loss.js';

/** What people change about runs, studies and runners, who changed it, where a run was copied from, and saved filters. */
export class Editing0026 implements MigrationInterface {
  readonly name = 'Editing1764000000026';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runs
        ADD COLUMN notes text NOT NULL DEFAULT '',
        ADD COLUMN archived_at timestamptz,
        -- The number stays when the other run is deleted.
        ADD COLUMN parent_id uuid CONSTRAINT runs_parent_id_fkey REFERENCES runs (id) ON DELETE SET NULL,
        ADD COLUMN parent_number integer,
        ADD COLUMN parent_kind text,
        ADD CONSTRAINT runs_parent_check CHECK (
          num_nonnulls(parent_number, parent_kind) <> 1 AND (parent_id IS NULL OR parent_number IS NOT NULL)
          AND parent_kind IN ('CLONE', 'RETRY'));
      CREATE INDEX runs_parent_id ON runs (parent_id) WHERE parent_id IS NOT NULL;

      ALTER TABLE studies
        ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
        ADD COLUMN archived_at timestamptz,
        ADD COLUMN baseline_id uuid CONSTRAINT studies_baseline_id_fkey REFERENCES runs (id) ON DELETE SET NULL;
      CREATE INDEX studies_baseline_id ON studies (baseline_id);

      CREATE TABLE edits (
        id bigint GENERATED ALWAYS AS IDENTITY,
        at timestamptz NOT NULL DEFAULT now(),
        account_id uuid NOT NULL,
        run_id uuid,
        study_id uuid,
        field text NOT NULL,
        old jsonb,
        new jsonb,
        CONSTRAINT edits_pkey PRIMARY KEY (id),
        CONSTRAINT edits_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts (id),
        CONSTRAINT edits_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT edits_study_id_fkey FOREIGN KEY (study_id) REFERENCES studies (id) ON DELETE CASCADE,
        CONSTRAINT edits_target_check CHECK (num_nonnulls(run_id, study_id) = 1)
      );
      CREATE INDEX edits_run_id ON edits (run_id, id);
      CREATE INDEX edits_study_id ON edits (study_id, id);

      ALTER TABLE audit_log ADD COLUMN changes jsonb NOT NULL DEFAULT '[]';

      CREATE TABLE saved_filters (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        owner_id uuid NOT NULL,
        name text NOT NULL,
        query text NOT NULL,
        columns text[] NOT NULL DEFAULT '{}',
        sort text,
        shared boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT saved_filters_pkey PRIMARY KEY (id),
        CONSTRAINT saved_filters_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES accounts (id)
      );
      CREATE UNIQUE INDEX saved_filters_name ON saved_filters (owner_id, lower(name));

      ALTER TABLE runners
        ADD COLUMN paused boolean NOT NULL DEFAULT false,
        ADD COLUMN renamed boolean NOT NULL DEFAULT false,
        ADD COLUMN old_token_hash text,
        ADD COLUMN old_token_until timestamptz;
      CREATE INDEX runners_old_token_hash ON runners (old_token_hash);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await refuseLoss(runner, LOSSES);
    await runner.query(`
      DROP INDEX runners_old_token_hash;
      ALTER TABLE runners DROP COLUMN paused, DROP COLUMN renamed, DROP COLUMN old_token_hash,
        DROP COLUMN old_token_until;
      DROP TABLE saved_filters;
      ALTER TABLE audit_log DROP COLUMN changes;
      DROP TABLE edits;
      ALTER TABLE studies DROP COLUMN tags, DROP COLUMN archived_at, DROP COLUMN baseline_id;
      ALTER TABLE runs DROP COLUMN notes, DROP COLUMN archived_at, DROP CONSTRAINT runs_parent_check,
        DROP COLUMN parent_id, DROP COLUMN parent_number, DROP COLUMN parent_kind;
    `);
  }
}

const RUNNER = `'runner "' || name || '"'`;

/** What people have written. The old tokens of runners are not: they end by themselves. */
const LOSSES: readonly Loss[] = [
  { what: 'the notes', table: 'runs', where: `notes <> ''`, row: RUN },
  { what: 'the archived state', table: 'runs', where: 'archived_at IS NOT NULL', row: RUN },
  { what: 'the parents', table: 'runs', where: 'parent_number IS NOT NULL', row: RUN },
  { what: 'the tags', table: 'studies', where: `tags <> '{}'`, row: STUDY },
  { what: 'the archived state', table: 'studies', where: 'archived_at IS NOT NULL', row: STUDY },
  { what: 'the baselines', table: 'studies', where: 'baseline_id IS NOT NULL', row: STUDY },
  { what: 'the history of edits', table: 'edits', where: 'TRUE', row: `'edit ' || id` },
  { what: 'the changes', table: 'audit_log', where: `changes <> '[]'`, row: `'audit entry ' || id` },
  { what: 'the query', table: 'saved_filters', where: 'TRUE', row: `'saved filter "' || name || '"'` },
  { what: 'the paused state', table: 'runners', where: 'paused', row: RUNNER },
  { what: 'the names that people gave', table: 'runners', where: 'renamed', row: RUNNER },
];
