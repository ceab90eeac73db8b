import type { MigrationInterface, QueryRunner } from 'typeorm';
import { RUN, refuseLoss } from './refuse-loss.js';

/** Where each run comes from. All that exist were trained by runners. Only such runs wait in the queue. */
export class Origins0031 implements MigrationInterface {
  readonly name = 'Origins1764000000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runs
        ADD COLUMN origin text NOT NULL DEFAULT 'TRAINED',
        ADD CONSTRAINT runs_origin_check CHECK (origin IN ('TRAINED', 'LOGGED', 'IMPORTED')),
        ADD CONSTRAINT runs_queued_check CHECK (origin = 'TRAINED' OR state <> 'QUEUED');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await refuseLoss(runner, [{ what: 'the origins', table: 'runs', where: `origin <> 'TRAINED'`, row: RUN }]);
    await runner.query('ALTER TABLE runs DROP COLUMN origin');
  }
}
