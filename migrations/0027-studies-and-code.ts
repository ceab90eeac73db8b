import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Loss, refuseLoss, STUDY } from './refuse-loss.js';

/**
 * The matrix of a study, and which code an attempt ran; studies and attempts from before have neither. And what tells runs apart
 * that differ in more than their seed, so that a table reads the configurations of all its runs only once each.
 */
export class StudiesAndCode0027 implements MigrationInterface {
  readonly name = 'StudiesAndCode1764000000027';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE studies ADD COLUMN base jsonb, ADD COLUMN matrix jsonb,
        ADD CONSTRAINT studies_matrix_check CHECK (num_nulls(base, matrix) <> 1);
      ALTER TABLE runners ADD COLUMN "commit" text;
      ALTER TABLE attempts ADD COLUMN version text, ADD COLUMN "commit" text;

      ALTER TABLE runs ADD COLUMN settings_key text NOT NULL DEFAULT '';
      UPDATE runs SET settings_key = md5((config - 'seed')::text);
      CREATE FUNCTION run_settings_key() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.settings_key := md5((NEW.config - 'seed')::text);
        RETURN NEW;
      END $$;
      CREATE TRIGGER runs_settings_key BEFORE INSERT OR UPDATE OF config ON runs
        FOR EACH ROW EXECUTE FUNCTION run_settings_key();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await refuseLoss(runner, LOSSES);
    await runner.query(`
      DROP TRIGGER runs_settings_key ON runs;
      DROP FUNCTION run_settings_key;
      ALTER TABLE runs DROP COLUMN settings_key;
      ALTER TABLE attempts DROP COLUMN version, DROP COLUMN "commit";
      ALTER TABLE runners DROP COLUMN "commit";
      ALTER TABLE studies DROP COLUMN base, DROP COLUMN matrix;
    `);
  }
}

/** The commit of a runner is not lost: it is sent again when the runner starts. */
const LOSSES: readonly Loss[] = [
  { what: 'the matrix', table: 'studies', where: 'matrix IS NOT NULL', row: STUDY },
  { what: 'the code', table: 'attempts', where: 'num_nonnulls(version, "commit") > 0', row: `'attempt ' || id` },
];
