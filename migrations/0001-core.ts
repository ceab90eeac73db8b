import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Core0001 implements MigrationInterface {
  // TypeORM orders migrations by the timestamp that ends the name.
  name = 'Core1764000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE studies (
        id uuid CONSTRAINT studies_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX studies_created_at ON studies (created_at, id);

      CREATE TABLE runners (
        id uuid CONSTRAINT runners_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
        name text NOT NULL,
        token_hash text NOT NULL CONSTRAINT runners_token_hash_key UNIQUE,
        host text NOT NULL,
        engine text NOT NULL,
        device text NOT NULL,
        version text NOT NULL,
        pool text NOT NULL,
        slots int NOT NULL,
        gpu_memory_bytes bigint,
        draining boolean NOT NULL DEFAULT false,
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        created_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE SEQUENCE run_numbers AS int;
      CREATE TABLE runs (
        id uuid CONSTRAINT runs_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
        number int NOT NULL DEFAULT nextval('run_numbers') CONSTRAINT runs_number_key UNIQUE,
        name text NOT NULL,
        state text NOT NULL DEFAULT 'QUEUED' CONSTRAINT runs_state_check
          CHECK (state IN ('QUEUED', 'RUNNING', 'CANCELING', 'COMPLETED', 'FAILED', 'CANCELED')),
        study_id uuid CONSTRAINT runs_study_id_fkey REFERENCES studies ON DELETE CASCADE,
        config jsonb NOT NULL,
        dataset_id uuid NOT NULL,
        method text NOT NULL,
        labelled_ratio double precision NOT NULL,
        backbone text NOT NULL,
        seed bigint NOT NULL,
        tags text[] NOT NULL DEFAULT '{}',
        priority int NOT NULL DEFAULT 0,
        pool text NOT NULL,
        engine text NOT NULL,
        step int NOT NULL DEFAULT 0,
        iterations int NOT NULL,
        split_hash text,
        setup jsonb,
        failure text,
        lost_attempts int NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        finished_at timestamptz
      );
      CREATE INDEX runs_queue ON runs (pool, priority DESC, number) WHERE state = 'QUEUED';
      CREATE INDEX runs_tags ON runs USING gin (tags);
      CREATE INDEX runs_study_id ON runs (study_id);
      CREATE INDEX runs_created_at ON runs (created_at, id);

      CREATE TABLE attempts (
        id uuid CONSTRAINT attempts_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
        run_id uuid NOT NULL CONSTRAINT attempts_run_id_fkey REFERENCES runs ON DELETE CASCADE,
        fence int NOT NULL,
        runner_id uuid CONSTRAINT attempts_runner_id_fkey REFERENCES runners ON DELETE SET NULL,
        state text NOT NULL DEFAULT 'ACTIVE' CONSTRAINT attempts_state_check
          CHECK (state IN ('ACTIVE', 'SUCCEEDED', 'FAILED', 'LOST', 'RELEASED', 'CANCELED')),
        sequence int NOT NULL DEFAULT 0,
        started_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        lease_until timestamptz NOT NULL,
        message text,
        CONSTRAINT attempts_run_id_fence_key UNIQUE (run_id, fence)
      );
      -- The rule that a run is trained once at a time, kept by the database itself.
      CREATE UNIQUE INDEX attempts_one_active ON attempts (run_id) WHERE state = 'ACTIVE';
      CREATE INDEX attempts_active_lease ON attempts (lease_until) WHERE state = 'ACTIVE';
      CREATE INDEX attempts_runner_id ON attempts (runner_id);

      CREATE TABLE tokens (
        id uuid CONSTRAINT tokens_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
        kind text NOT NULL CONSTRAINT tokens_kind_check CHECK (kind IN ('user', 'registration')),
        label text NOT NULL,
        hash text NOT NULL CONSTRAINT tokens_hash_key UNIQUE,
        uses_left int,
        expires_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE tokens;
      DROP TABLE attempts;
      DROP TABLE runs;
      DROP SEQUENCE run_numbers;
      DROP TABLE runners;
      DROP TABLE studies;
    `);
  }
}
