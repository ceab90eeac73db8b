import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several servers on one database: which ones are alive, and which one granted a lease. What older runners can train. */
export class Fleet0013 implements MigrationInterface {
  readonly name = 'Fleet1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE servers (
        id uuid NOT NULL,
        started_at timestamptz NOT NULL DEFAULT now(),
        seen_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT servers_pkey PRIMARY KEY (id)
      );
      -- Without a foreign key: an attempt outlives the record of its server.
      ALTER TABLE attempts ADD COLUMN server_id uuid;

      -- What a runner that announces nothing has, and what every configuration of that time needs.
      ALTER TABLE runners
        ADD COLUMN protocol_version integer NOT NULL DEFAULT 1,
        ADD COLUMN config_version integer NOT NULL DEFAULT 1;
      ALTER TABLE runs ADD COLUMN needed_config_version integer NOT NULL DEFAULT 1;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runs DROP COLUMN needed_config_version;
      ALTER TABLE runners DROP COLUMN protocol_version, DROP COLUMN config_version;
      ALTER TABLE attempts DROP COLUMN server_id;
      DROP TABLE servers;
    `);
  }
}
