/**
 * The condition of SQL that a runner fits a placement. The placement is the row `placement`, the runner the row `runner`, or
 * another one with the columns `id`, `pool`, `engine` and `config_version`. A new demand is one more condition.
 */
export const RUNNER_FITS = `(placement.pool = runner.pool AND placement.engine IN ('any', runner.engine)
  AND placement.config_version <= runner.config_version
  AND EXISTS (SELECT FROM runner_datasets held
    WHERE held.runner_id = runner.id AND held.dataset_id = placement.dataset_id))`;
