import { useState } from 'react';
import {
  type LogLinePartsFragment,
  RunLogAddedDocument,
  type RunLogAddedSubscription,
  RunLogDocument,
} from '../../../schema/generated/web/graphql.js';
import { useFeed } from '../../api/use-feed.js';
import { Loading } from '../../components/notice.js';
import { timeOfDay } from '../../format/format.js';
import { t } from '../../messages/t.js';

const LINES = 200;

/** The newest lines, with those of a message. */
function withLines(
  known: LogLinePartsFragment[],
  { lines }: RunLogAddedSubscription['runLog'],
): LogLinePartsFragment[] {
  const have = new Set(known.map(({ id }) => id));
  return [...known, ...lines.filter(({ id }) => !have.has(id))].slice(-LINES);
}

/** The newest lines of the run's log; followed only while the panel is open. */
export function LogPanel({ runId }: { runId: string }) {
  const [open, setOpen] = useState(false);
  const { state: lines } = useFeed(RunLogAddedDocument, {
    variables: open ? { runId, after: null } : null,
    read: async (client): Promise<LogLinePartsFragment[] | null> => {
      const asked = { id: runId, last: LINES };
      const { data } = await client.query(RunLogDocument, asked, { requestPolicy: 'network-only' }).toPromise();
      return data?.run?.log ?? null;
    },
    apply: withLines,
  });
  return (
    <section aria-labelledby="log-title">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <h2 id="log-title">{t('run.log')}</h2>
        </summary>
        {open && lines === null && <Loading />}
        {lines?.length === 0 && <p className="soft">{t('run.noLines')}</p>}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: only what has the focus is scrolled by the keyboard */}
        <ol className="log" tabIndex={0}>
          {lines?.map(({ id, at, level, message }) => (
            <li key={id} className={`log-${level.toLowerCase()}`}>
              <time dateTime={at} className="num soft">
                {timeOfDay(at)}
              </time>
              <span>{t(`levels.${level}`)}</span>
              <span className="log-message">{message}</span>
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}
