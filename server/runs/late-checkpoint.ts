/** An upload that got no bytes for this long was given up. */
const GIVEN_UP_AFTER_SECONDS = 60;

/**
 * A condition of SQL: the last checkpoint of the run `run.id` is still on its way, although the attempt has ended. If the run is
 * retried, it waits for that, because it would otherwise resume from an earlier one.
 *
 * With OFFSET 0, PostgreSQL looks at the attempts of one run at a time. Without it, it may read those of all runs first.
 */
export const CHECKPOINT_IS_LATE = `EXISTS (
  SELECT FROM attempts ended JOIN blob_uploads late ON late.attempt_id = ended.id
  WHERE ended.run_id = run.id AND ended.state IN ('FAILED', 'CANCELED') AND late.step IS NOT NULL
    AND late.named_at IS NULL AND late.touched_at > now() - interval '${GIVEN_UP_AFTER_SECONDS} seconds' OFFSET 0)`;
