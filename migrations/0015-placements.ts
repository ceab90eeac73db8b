import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The queue's index: runs with equal demands on a runner share a placement, and wait in order within it. */
export class Placements0015 implements MigrationInterface {
  readonly name = 'Placements1764000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE placements (
        id integer GENERATED ALWAYS AS IDENTITY,
        pool text NOT NULL,
        engine text NOT NULL,
        dataset_id uuid NOT NULL,
        config_version integer NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT placements_pkey PRIMARY KEY (id),
        CONSTRAINT placements_demands_key UNIQUE (pool, engine, dataset_id, config_version),
        CONSTRAINT placements_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES datasets (id) ON DELETE CASCADE
      );
      ALTER TABLE runs ADD COLUMN placement_id integer
        CONSTRAINT runs_placement_id_fkey REFERENCES placements (id);

      INSERT INTO placements (pool, engine, dataset_id, config_version)
      SELECT DISTINCT pool, engine, dataset_id, needed_config_version FROM runs WHERE state = 'QUEUED';
      UPDATE runs SET placement_id = placements.id FROM placements
      WHERE runs.state = 'QUEUED' AND placements.pool = runs.pool AND placements.engine = runs.engine
        AND placements.dataset_id = runs.dataset_id AND placements.config_version = runs.needed_config_version;

      -- Every queued run has a placement, and no other run has one.
      CREATE INDEX runs_claim ON runs (placement_id, priority DESC, number) WHERE placement_id IS NOT NULL;
      DROP INDEX runs_queue;
      -- A claim counts the runner's active attempts, and it may have had thousands of others.
      DROP INDEX attempts_runner_id;
      CREATE INDEX attempts_runner_id ON attempts (runner_id, state);

      -- A trigger, so that no statement can queue a run without its placement: nobody would ever claim it.
      CREATE FUNCTION place_run() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.placement_id := NULL;
        WHILE NEW.state = 'QUEUED' AND NEW.placement_id IS NULL LOOP
          -- The lock keeps the placement from being deleted until the run refers to it.
          SELECT id INTO NEW.placement_id FROM placements
          WHERE pool = NEW.pool AND engine = NEW.engine AND dataset_id = NEW.dataset_id
            AND config_version = NEW.needed_config_version
          FOR KEY SHARE;
          IF NEW.placement_id IS NULL THEN
            INSERT INTO placements (pool, engine, dataset_id, config_version)
            VALUES (NEW.pool, NEW.engine, NEW.dataset_id, NEW.needed_config_version)
            ON CONFLICT DO NOTHING RETURNING id INTO NEW.placement_id;
          END IF;
        END LOOP;
        RETURN NEW;
      END $$;
      CREATE TRIGGER runs_placed
        BEFORE INSERT OR UPDATE OF state, pool, engine, dataset_id, needed_config_version, placement_id ON runs
        FOR EACH ROW WHEN (NEW.state = 'QUEUED' OR NEW.placement_id IS NOT NULL) EXECUTE FUNCTION place_run();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER runs_placed ON runs;
      DROP FUNCTION place_run;
      DROP INDEX attempts_runner_id;
      CREATE INDEX attempts_runner_id ON attempts (runner_id);
      CREATE INDEX runs_queue ON runs (pool, priority DESC, number) WHERE state = 'QUEUED';
      DROP INDEX runs_claim;
      ALTER TABLE runs DROP COLUMN placement_id;
      DROP TABLE placements;
    `);
  }
}
