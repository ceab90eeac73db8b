import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several servers on one database: which ones are alive, and which one granted a lease. */
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
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE attempts DROP COLUMN server_id;
      DROP TABLE servers;
    `);
  }
}
