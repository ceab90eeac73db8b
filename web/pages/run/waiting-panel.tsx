import type { RunDetails } from '../../api/use-run.js';

/** Why a queued run waits, and what keeps each runner from claiming it. */
export function WaitingPanel({ waiting }: { waiting: NonNullable<RunDetails['waiting']> }) {
  const { reason, ahead, estimate, runners } = waiting;
  const place = ahead === 0 ? 'it is next' : `${ahead} ${ahead === 1 ? 'run is' : 'runs are'} before it`;
  const start = estimate ? `; it may start at ${new Date(estimate.startsAt).toLocaleString()}` : '';
  return (
    <div className="notice">
      Waiting: {reason?.message ?? `${place}${start}`}.
      {runners.length > 0 && (
        <details>
          <summary>What each runner says</summary>
          <ul className="plain">
            {runners.map((each) => (
              <li key={each.runner.id}>
                {each.runner.name}: {each.reason?.message ?? 'can claim it when its turn comes'}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
