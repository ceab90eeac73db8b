import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { RunLogDocument, type RunState } from '../../../schema/generated/web/graphql.js';
import { useThrottled } from '../../api/use-throttled.js';
import { Failure } from '../../components/notice.js';

const LINES = 200;
const REFETCH_AT_MOST_EVERY_MS = 2000;

interface Props {
  runId: string;
  state: RunState;
  /** The run's progress: when it moves there may be new lines. */
  step: number;
}

/** The newest lines of the runner's log; loaded only while it is open. */
export function LogPanel({ runId, state, step }: Props) {
  const [open, setOpen] = useState(false);
  const [{ data, error, fetching }, load] = useQuery({
    query: RunLogDocument,
    variables: { id: runId, last: LINES },
    pause: !open,
  });
  const refetch = useThrottled(() => load({ requestPolicy: 'network-only' }), REFETCH_AT_MOST_EVERY_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: state and step say when there may be new lines
  useEffect(() => {
    if (open) refetch();
  }, [open, state, step, refetch]);
  const lines = data?.run?.log ?? [];
  return (
    <section aria-labelledby="log-title">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <h2 id="log-title">Log</h2>
        </summary>
        <Failure error={error} />
        {lines.length === 0 && !fetching && <p className="soft">No lines yet.</p>}
        <ol className="log">
          {lines.map(({ id, at, level, message }) => (
            <li key={id} className={`log-${level.toLowerCase()}`}>
              <time dateTime={at} className="num soft">
                {new Date(at).toLocaleTimeString('en-GB')}
              </time>
              <span>{level.toLowerCase()}</span>
              <span className="log-message">{message}</span>
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}
