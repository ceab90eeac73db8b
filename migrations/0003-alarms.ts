import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a run says about itself beside its evaluations: what its pseudo-labels are like, and what looks wrong. */
export class Alarms0003 implements MigrationInterface {
  readonly name = 'Alarms1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE pseudo_labels (
        run_id uuid NOT NULL,
        network text NOT NULL
          CONSTRAINT pseudo_labels_network_check CHECK (network IN ('BRANCH1', 'BRANCH2', 'ENSEMBLE')),
        step integer NOT NULL,
        labelled_pixels bigint[] NOT NULL,
        pseudo_pixels bigint[] NOT NULL,
        undecided_pixels bigint NOT NULL,
        confusion bigint[],
        CONSTRAINT pseudo_labels_pkey PRIMARY KEY (run_id, network, step),
        CONSTRAINT pseudo_labels_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      );

      CREATE TABLE alarms (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        run_id uuid NOT NULL,
        step integer NOT NULL,
        kind text NOT NULL
          CONSTRAINT alarms_kind_check CHECK (kind IN ('NEVER_PREDICTED', 'TAKEOVER', 'DIVERGING_AGREEMENT', 'DROP')),
        network text CONSTRAINT alarms_network_check CHECK (network IN ('BRANCH1', 'BRANCH2', 'ENSEMBLE')),
        class_index integer,
        message text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT alarms_pkey PRIMARY KEY (id),
        CONSTRAINT alarms_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      );
      -- A resumed run raises an alarm again at the same step; that is the same alarm.
      CREATE UNIQUE INDEX alarms_once ON alarms (run_id, step, kind, coalesce(network, ''), coalesce(class_index, -1));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE alarms, pseudo_labels');
  }
}
