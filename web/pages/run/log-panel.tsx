import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { RunLogDocument } from '../../../schema/generated/web/graphql.js';
import { useThrottled } from '../../api/use-throttled.js';
import { Failure } from '../../components/notice.js';

const LINES = 200;
const REFETCH_AT_MOST_EVERY_MS = 2000;

interface Props {
  runId: string;
  /** Number of changes received. When it increases, there may be new lines. */
  changes: number;
}

/** The newest lines of the run's log; loaded only while the panel is open. */
export function LogPanel({ runId, changes }: Props) {
  const [open, setOpen] = useState(false);
  const [{ data, error, fetching }, load] = useQuery({
    query: RunLogDocument,
    variables: { id: runId, last: LINES },
    pause: !open,
  });
  const refetch = useThrottled(() => load({ requestPolicy: 'network-only' }), REFETCH_AT_MOST_EVERY_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change may mean new lines
  useEffect(() => {
    if (open) refetch();
  }, [open, changes, refetch]);
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
