import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which images to label next, where labels may be wrong, and pictures of both. */
export class LabelReviews0032 implements MigrationInterface {
  readonly name = 'LabelReviews1764000000032';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE image_reviews (
        run_id uuid NOT NULL,
        image_id text NOT NULL,
        step integer NOT NULL,
        width integer NOT NULL,
        height integer NOT NULL,
        disagreement double precision,
        entropy double precision NOT NULL,
        confidence double precision NOT NULL,
        predicted integer[] NOT NULL,
        expected real[] NOT NULL,
        uncertain real[] NOT NULL,
        disputed real[] NOT NULL,
        hash text NOT NULL,
        CONSTRAINT image_reviews_pkey PRIMARY KEY (run_id, image_id),
        CONSTRAINT image_reviews_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      );
      CREATE TABLE label_reviews (
        run_id uuid NOT NULL,
        image_id text NOT NULL,
        step integer NOT NULL,
        width integer NOT NULL,
        height integer NOT NULL,
        doubts jsonb NOT NULL,
        CONSTRAINT label_reviews_pkey PRIMARY KEY (run_id, image_id),
        CONSTRAINT label_reviews_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      );
      CREATE TABLE review_pictures (
        run_id uuid NOT NULL,
        image_id text NOT NULL,
        kind text NOT NULL,
        width integer NOT NULL,
        height integer NOT NULL,
        sha256 text NOT NULL,
        CONSTRAINT review_pictures_pkey PRIMARY KEY (run_id, image_id, kind),
        CONSTRAINT review_pictures_kind_check CHECK (kind IN ('INPUT', 'LABEL', 'PREDICTION', 'DIFFERENCE')),
        CONSTRAINT review_pictures_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT review_pictures_sha256_fkey FOREIGN KEY (sha256) REFERENCES blobs (sha256)
      );
      CREATE INDEX review_pictures_sha256 ON review_pictures (sha256);
      CREATE TRIGGER review_pictures_deleted AFTER DELETE ON review_pictures REFERENCING OLD TABLE AS dropped
        FOR EACH STATEMENT EXECUTE FUNCTION blob_references_dropped();
      CREATE TRIGGER review_pictures_replaced AFTER UPDATE ON review_pictures REFERENCING OLD TABLE AS dropped
        FOR EACH STATEMENT EXECUTE FUNCTION blob_references_dropped();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The trigger makes their blobs candidates for deletion.
      DELETE FROM review_pictures;
      DROP TABLE review_pictures;
      DROP TABLE label_reviews;
      DROP TABLE image_reviews;
    `);
  }
}
