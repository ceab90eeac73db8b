import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A labelled split need not be a share: what it is stands in the run's configuration alone. */
export class Splits0004 implements MigrationInterface {
  // TypeORM orders migrations by the timestamp that ends the name.
  readonly name = 'Splits1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runs DROP COLUMN labelled_ratio;
      CREATE INDEX runs_split_hash ON runs (split_hash);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX runs_split_hash;
      ALTER TABLE runs ADD COLUMN labelled_ratio double precision;
      -- The older version knows shares only: the one that was drawn, or all where none was drawn yet.
      UPDATE runs SET labelled_ratio = coalesce(
        (config #>> '{split,labelledRatio}')::double precision,
        (setup ->> 'labelledImages')::double precision
          / nullif((setup ->> 'labelledImages')::double precision + (setup ->> 'unlabelledImages')::double precision, 0),
        1
      );
      ALTER TABLE runs ALTER COLUMN labelled_ratio SET NOT NULL;
    `);
  }
}
