import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Uploads are stored as they arrive, and blobs that nothing refers to any more are collected within minutes. No byte of a blob
 * is copied: the pieces of a blob are found by its `content`, which is the SHA-256 of old blobs and the upload's id of new ones.
 */
export class Uploads0011 implements MigrationInterface {
  readonly name = 'Uploads1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE blob_chunks DROP CONSTRAINT blob_chunks_sha256_fkey;
      ALTER TABLE blob_chunks RENAME COLUMN sha256 TO content;
      ALTER TABLE blobs ADD COLUMN content text;
      UPDATE blobs SET content = sha256;
      ALTER TABLE blobs ALTER COLUMN content SET NOT NULL;
      CREATE UNIQUE INDEX blobs_content ON blobs (content);

      ALTER TABLE blob_uploads
        ADD COLUMN received bigint NOT NULL DEFAULT 0,
        ADD COLUMN step integer,
        ADD COLUMN writer uuid,
        ADD COLUMN writer_until timestamptz;
      UPDATE blob_uploads SET received = bytes WHERE completed_at IS NOT NULL;

      CREATE TABLE blob_candidates (
        content text NOT NULL,
        due timestamptz NOT NULL,
        CONSTRAINT blob_candidates_pkey PRIMARY KEY (content)
      );
      CREATE INDEX blob_candidates_due ON blob_candidates (due);
      -- A report that names a recent blob may still be on its way.
      INSERT INTO blob_candidates (content, due) SELECT content, uploaded_at + interval '24 hours' FROM blobs;
      ALTER TABLE blobs DROP COLUMN uploaded_at;

      -- Triggers, because most references are deleted by a foreign key, with their run, attempt or runner.
      CREATE FUNCTION blob_references_dropped() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        contents text[];
      BEGIN
        CASE TG_TABLE_NAME
          WHEN 'sample_images' THEN
            SELECT array_agg(b.content) INTO contents FROM blobs b WHERE b.sha256 IN (
              SELECT input_sha256 FROM dropped UNION ALL SELECT ground_truth_sha256 FROM dropped);
          WHEN 'blob_uploads' THEN
            SELECT array_agg(content) INTO contents FROM (
              SELECT id::text AS content FROM dropped WHERE completed_at IS NULL AND received > 0
              UNION SELECT b.content FROM blobs b JOIN dropped d ON d.sha256 = b.sha256 WHERE d.named_at IS NULL) AS lost;
          ELSE
            SELECT array_agg(b.content) INTO contents FROM blobs b WHERE b.sha256 IN (SELECT sha256 FROM dropped);
        END CASE;
        -- Sorted, so that two transactions lock the same rows in the same order. The lock makes sure that a collection in
        -- progress, which still sees the reference, does not take the candidate away.
        INSERT INTO blob_candidates AS known (content, due) SELECT content, now() FROM unnest(contents) AS content ORDER BY 1
        ON CONFLICT (content) DO UPDATE SET due = greatest(known.due, excluded.due);
        RETURN NULL;
      END $$;
      CREATE TRIGGER checkpoints_deleted AFTER DELETE ON checkpoints REFERENCING OLD TABLE AS dropped
        FOR EACH STATEMENT EXECUTE FUNCTION blob_references_dropped();
      CREATE TRIGGER samples_deleted AFTER DELETE ON samples REFERENCING OLD TABLE AS dropped
        FOR EACH STATEMENT EXECUTE FUNCTION blob_references_dropped();
      CREATE TRIGGER samples_replaced AFTER UPDATE ON samples REFERENCING OLD TABLE AS dropped
        FOR EACH STATEMENT EXECUTE FUNCTION blob_references_dropped();
      CREATE TRIGGER sample_images_deleted AFTER DELETE ON sample_images REFERENCING OLD TABLE AS dropped
        FOR EACH STATEMENT EXECUTE FUNCTION blob_references_dropped();
      CREATE TRIGGER sample_images_replaced AFTER UPDATE ON sample_images REFERENCING OLD TABLE AS dropped
        FOR EACH STATEMENT EXECUTE FUNCTION blob_references_dropped();
      CREATE TRIGGER blob_uploads_deleted AFTER DELETE ON blob_uploads REFERENCING OLD TABLE AS dropped
        FOR EACH STATEMENT EXECUTE FUNCTION blob_references_dropped();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER blob_uploads_deleted ON blob_uploads;
      DROP TRIGGER sample_images_replaced ON sample_images;
      DROP TRIGGER sample_images_deleted ON sample_images;
      DROP TRIGGER samples_replaced ON samples;
      DROP TRIGGER samples_deleted ON samples;
      DROP TRIGGER checkpoints_deleted ON checkpoints;
      DROP FUNCTION blob_references_dropped();
      DROP TABLE blob_candidates;

      -- The older version knows no unfinished uploads. Runners send them again.
      DELETE FROM blob_chunks c WHERE NOT EXISTS (SELECT FROM blobs b WHERE b.content = c.content);
      UPDATE blob_chunks c SET content = b.sha256 FROM blobs b WHERE b.content = c.content AND b.content <> b.sha256;
      ALTER TABLE blob_uploads DROP COLUMN received, DROP COLUMN step, DROP COLUMN writer, DROP COLUMN writer_until;
      ALTER TABLE blobs ADD COLUMN uploaded_at timestamptz NOT NULL DEFAULT now(), DROP COLUMN content;
      ALTER TABLE blob_chunks RENAME COLUMN content TO sha256;
      ALTER TABLE blob_chunks ADD CONSTRAINT blob_chunks_sha256_fkey
        FOREIGN KEY (sha256) REFERENCES blobs (sha256) ON DELETE CASCADE;
    `);
  }
}
