import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the labels and the training crops of a run hold, by class, and how confident networks are of the true class. */
export class ClassCounts0030 implements MigrationInterface {
  readonly name = 'ClassCounts1764000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE class_labels (
        run_id uuid CONSTRAINT class_labels_pkey PRIMARY KEY,
        pixels bigint[] NOT NULL,
        images integer[] NOT NULL,
        CONSTRAINT class_labels_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      );
      CREATE TABLE class_crops (
        run_id uuid NOT NULL,
        step integer NOT NULL,
        crops integer NOT NULL,
        crops_with_class integer[] NOT NULL,
        CONSTRAINT class_crops_pkey PRIMARY KEY (run_id, step),
        CONSTRAINT class_crops_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      );
      ALTER TABLE evaluations ADD COLUMN class_confidences double precision[];
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE evaluations DROP COLUMN class_confidences;
      DROP TABLE class_crops;
      DROP TABLE class_labels;
    `);
  }
}
