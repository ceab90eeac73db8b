import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People have accounts, accounts own tokens, runs and studies have authors, and what people change is recorded. */
export class People0007 implements MigrationInterface {
  readonly name = 'People1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE accounts (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        name text NOT NULL CONSTRAINT accounts_name_check CHECK (char_length(name) BETWEEN 1 AND 128),
        role text NOT NULL CONSTRAINT accounts_role_check CHECK (role IN ('ADMIN', 'MEMBER', 'VIEWER')),
        share double precision NOT NULL DEFAULT 1 CONSTRAINT accounts_share_check CHECK (share > 0),
        created_at timestamptz NOT NULL DEFAULT now(),
        disabled_at timestamptz,
        CONSTRAINT accounts_pkey PRIMARY KEY (id)
      );
      CREATE UNIQUE INDEX accounts_name ON accounts (lower(name));
      -- The server knows these two by their ids.
      INSERT INTO accounts (id, name, role) VALUES
        ('00000000-0000-4000-8000-000000000001', 'local', 'ADMIN'),
        ('00000000-0000-4000-8000-000000000002', 'admin', 'ADMIN');

      ALTER TABLE tokens
        ADD COLUMN account_id uuid CONSTRAINT tokens_account_id_fkey REFERENCES accounts,
        ADD COLUMN created_by uuid CONSTRAINT tokens_created_by_fkey REFERENCES accounts,
        ADD COLUMN source text NOT NULL DEFAULT 'CREATED'
          CONSTRAINT tokens_source_check CHECK (source IN ('CREATED', 'ENVIRONMENT')),
        ADD COLUMN last_used_at timestamptz,
        ADD COLUMN revoked_at timestamptz;

      -- Earlier versions gave this label to the tokens of the environment, and stored nothing else about them.
      UPDATE tokens SET source = 'ENVIRONMENT' WHERE label = 'from the environment';
      UPDATE tokens SET account_id = '00000000-0000-4000-8000-000000000002'
      WHERE kind = 'user' AND source = 'ENVIRONMENT';

      -- Each label becomes one account, so two tokens labelled "kwon" belong to the same person.
      CREATE TEMPORARY TABLE token_owners ON COMMIT DROP AS
      SELECT id, created_at, CASE WHEN lower(label) IN ('admin', 'local') THEN label || ' (token)' ELSE label END AS name
      FROM (
        SELECT id, created_at, regexp_replace(label, '^\\s+|\\s+$', '', 'g') AS label
        FROM tokens WHERE kind = 'user' AND account_id IS NULL
      ) AS trimmed;
      INSERT INTO accounts (name, role, created_at)
      SELECT DISTINCT ON (lower(name)) name, 'MEMBER', created_at FROM token_owners ORDER BY lower(name), created_at;
      UPDATE tokens SET account_id = accounts.id
      FROM token_owners JOIN accounts ON lower(accounts.name) = lower(token_owners.name)
      WHERE tokens.id = token_owners.id;
      ALTER TABLE tokens ADD CONSTRAINT tokens_account_check CHECK (kind <> 'user' OR account_id IS NOT NULL);
      CREATE INDEX tokens_account_id ON tokens (account_id);

      ALTER TABLE runs ADD COLUMN author_id uuid CONSTRAINT runs_author_id_fkey REFERENCES accounts;
      ALTER TABLE studies ADD COLUMN author_id uuid CONSTRAINT studies_author_id_fkey REFERENCES accounts;

      CREATE TABLE audit_log (
        id bigint GENERATED ALWAYS AS IDENTITY,
        at timestamptz NOT NULL DEFAULT now(),
        account_id uuid,
        token_id uuid,
        runner_id uuid,
        address inet,
        operation text NOT NULL,
        targets uuid[] NOT NULL,
        arguments jsonb NOT NULL,
        outcome text NOT NULL,
        CONSTRAINT audit_log_pkey PRIMARY KEY (id)
      );
      CREATE INDEX audit_log_account_id ON audit_log (account_id, id);
      CREATE INDEX audit_log_operation ON audit_log (operation, id);
      CREATE INDEX audit_log_at ON audit_log (at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The older version accepts every token, and lets it do everything: only those that may do that today are kept.
      DELETE FROM tokens WHERE revoked_at IS NOT NULL OR account_id IN (
        SELECT id FROM accounts WHERE disabled_at IS NOT NULL OR role = 'VIEWER'
      );
      DROP TABLE audit_log;
      ALTER TABLE studies DROP COLUMN author_id;
      ALTER TABLE runs DROP COLUMN author_id;
      ALTER TABLE tokens DROP COLUMN account_id, DROP COLUMN created_by, DROP COLUMN source, DROP COLUMN last_used_at,
        DROP COLUMN revoked_at;
      DROP TABLE accounts;
    `);
  }
}
