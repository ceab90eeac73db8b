import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a runner can claim without proof is limited: its slots, the datasets that it announces, and what it uploads. */
export class Trust0008 implements MigrationInterface {
  readonly name = 'Trust1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runners ADD COLUMN slot_limit integer NOT NULL DEFAULT 8
        CONSTRAINT runners_slot_limit_check CHECK (slot_limit BETWEEN 1 AND 64);
      -- Runners from before there was a limit keep the slots that they have.
      UPDATE runners SET slot_limit = slots WHERE slots > 8;

      ALTER TABLE datasets ADD COLUMN announced_by uuid,
        ADD CONSTRAINT datasets_announced_by_fkey FOREIGN KEY (announced_by) REFERENCES runners (id) ON DELETE SET NULL;

      CREATE TABLE blob_uploads (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        sha256 text NOT NULL,
        content_type text NOT NULL,
        bytes bigint NOT NULL,
        runner_id uuid NOT NULL,
        attempt_id uuid,
        completed_at timestamptz,
        named_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        touched_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT blob_uploads_pkey PRIMARY KEY (id),
        CONSTRAINT blob_uploads_runner_id_fkey FOREIGN KEY (runner_id) REFERENCES runners (id) ON DELETE CASCADE,
        CONSTRAINT blob_uploads_attempt_id_fkey FOREIGN KEY (attempt_id) REFERENCES attempts (id) ON DELETE CASCADE
      );
      CREATE INDEX blob_uploads_sha256 ON blob_uploads (sha256);
      CREATE INDEX blob_uploads_attempt_id ON blob_uploads (attempt_id);
      CREATE INDEX blob_uploads_runner_id ON blob_uploads (runner_id);

      -- A runner may have uploaded a blob to the older server, and report it to this one. Nobody recorded who sent it, so any
      -- active attempt may name it. It does not count as waiting.
      INSERT INTO blob_uploads (sha256, content_type, bytes, runner_id, attempt_id, completed_at, named_at)
      SELECT blob.sha256, blob.content_type, blob.bytes, attempt.runner_id, attempt.id, now(), now()
      FROM attempts attempt JOIN blobs blob ON blob.uploaded_at >= attempt.started_at
      WHERE attempt.state = 'ACTIVE' AND attempt.runner_id IS NOT NULL AND blob.uploaded_at > now() - interval '1 day';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE blob_uploads;
      ALTER TABLE datasets DROP COLUMN announced_by;
      ALTER TABLE runners DROP COLUMN slot_limit;
    `);
  }
}
