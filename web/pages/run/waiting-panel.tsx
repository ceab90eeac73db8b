import { placeWords, runnerWords } from '../../../schema/waiting-words.js';
import type { RunDetails } from '../../api/use-run.js';

/** Why a queued run waits, and what keeps each runner from claiming it. */
export function WaitingPanel({ waiting }: { waiting: NonNullable<RunDetails['waiting']> }) {
  const { reason, ahead, estimate, runners } = waiting;
  const startsAt = estimate && new Date(estimate.startsAt).toLocaleString();
  return (
    <div className="notice">
      Waiting: {reason?.message ?? placeWords(ahead, startsAt)}.
      {runners.length > 0 && (
        <details>
          <summary>What each runner says</summary>
          <ul className="plain">
            {runners.map((each) => (
              <li key={each.runner.id}>{runnerWords(each.runner.name, each.reason?.message ?? null)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
