import type { Database } from '../world/database.js';

/**
 * Triggers that write down every change of the state of an attempt or a run, in the schema `chaos`. They prove what the
 * final rows cannot show. The numbers of the entries of one run are in the order of its transactions, because each
 * transaction that changes its state holds the lock on its row.
 */
export async function startAudit(database: Database): Promise<void> {
  await database.query(`
    CREATE SCHEMA chaos;
    CREATE TABLE chaos.attempt_states (id bigserial PRIMARY KEY, run_id uuid, attempt_id uuid, before text, after text);
    CREATE TABLE chaos.run_states (id bigserial PRIMARY KEY, run_id uuid, before text, after text);
    CREATE TABLE chaos.late_lines (run_id uuid, fence int, message text);

    -- The bytes of blobs, and the blobs that are collected once nothing refers to them.
    CREATE VIEW chaos.blob_bytes AS
      SELECT b.sha256, c.number, c.data FROM blobs b JOIN blob_chunks c USING (content);
    CREATE VIEW chaos.collectable_blobs AS SELECT sha256 FROM blobs JOIN blob_candidates USING (content)
      UNION SELECT sha256 FROM blob_uploads WHERE named_at IS NULL;

    CREATE FUNCTION chaos.note_attempt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO chaos.attempt_states (run_id, attempt_id, before, after)
      VALUES (NEW.run_id, NEW.id, CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state);
      RETURN NULL;
    END $$;
    CREATE TRIGGER chaos_attempt AFTER INSERT OR UPDATE OF state ON attempts
      FOR EACH ROW EXECUTE FUNCTION chaos.note_attempt();

    CREATE FUNCTION chaos.note_run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO chaos.run_states (run_id, before, after) VALUES (NEW.id, OLD.state, NEW.state);
      RETURN NULL;
    END $$;
    CREATE TRIGGER chaos_run AFTER UPDATE OF state ON runs FOR EACH ROW EXECUTE FUNCTION chaos.note_run();

    CREATE FUNCTION chaos.note_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NOT EXISTS (
        SELECT FROM attempts WHERE run_id = NEW.run_id AND fence = NEW.fence AND state = 'ACTIVE'
      ) THEN
        INSERT INTO chaos.late_lines VALUES (NEW.run_id, NEW.fence, NEW.message);
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER chaos_line AFTER INSERT ON log_lines FOR EACH ROW EXECUTE FUNCTION chaos.note_line();
  `);
}
