import { readLedger } from '../fleet/ledger.js';
import type { Database } from '../world/database.js';

/** The part of a world that the rule looks at. */
export interface Acknowledging {
  database: Database;
  /** `ledger` is a file (fleet/ledger.ts). */
  agents: readonly { name: string; ledger: string }[];
}

/**
 * A server that has acknowledged a report has stored it: a report and its number are stored in one transaction, so the
 * attempt has at least the newest number that was acknowledged, even if the run was resumed from an earlier checkpoint.
 */
export async function acknowledgedViolations({ database, agents }: Acknowledging): Promise<string[]> {
  const rows = await database.query<{ id: string; sequence: number; number: number; fence: number }>(
    'SELECT a.id, a.sequence, a.fence, runs.number FROM attempts a JOIN runs ON runs.id = run_id',
  );
  const attempts = new Map(rows.map((row) => [row.id, row]));
  const ledgers = agents.map(({ name, ledger }) => ({ name, acknowledged: readLedger(ledger) }));
  if (rows.some(({ sequence }) => sequence > 0) && ledgers.every(({ acknowledged }) => acknowledged.size === 0)) {
    return ['an acknowledged report is stored: no agent has written down what was acknowledged to it'];
  }
  return ledgers.flatMap(({ name, acknowledged: newest }) =>
    [...newest].flatMap(([attemptId, acknowledged]) => {
      const attempt = attempts.get(attemptId);
      if (attempt && attempt.sequence >= acknowledged) return [];
      const what = attempt ? `run #${attempt.number}, attempt ${attempt.fence}` : 'an attempt that does not exist';
      const report = `report ${acknowledged} was acknowledged to ${name}`;
      return [
        `an acknowledged report is stored: ${what} (${attemptId}): ${report}, but ${attempt?.sequence ?? 0} are stored`,
      ];
    }),
  );
}
