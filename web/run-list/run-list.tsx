import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { Failure, Loading } from '../components/notice.js';
import { t } from '../messages/t.js';
import { PAGE } from './run-pages.js';
import { RunTable } from './run-table.js';
import { useRunList } from './use-run-list.js';
import type { WantedRuns } from './wanted-runs.js';

const MOST_COMPARED = 8;

interface Props {
  wanted: WantedRuns;
  /** The study that all of them belong to, if there is one. */
  studyId: string | null;
  showStudy?: boolean;
  /** Shown when no run matches. */
  empty: ReactNode;
}

/** A live table of runs with a "Show more" button and a selection to compare. */
export function RunList({ wanted, studyId, showStudy, empty }: Props) {
  const [count, setCount] = useState(PAGE);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = useRunList(wanted, studyId, count);
  const select = (id: string, on: boolean) =>
    setSelected((before) => {
      const after = new Set(before);
      if (on) after.add(id);
      else after.delete(id);
      return after;
    });
  if (list.loading && list.runs.length === 0 && !list.error) return <Loading />;
  return (
    <>
      <Failure error={list.error} />
      {list.runs.length === 0 ? (
        !list.error && empty
      ) : (
        <RunTable runs={list.runs} selected={selected} onSelect={select} showStudy={showStudy} />
      )}
      <div className="table-foot">
        <span className="soft num">
          {list.runs.length > 0 && t('runs.count', { shown: list.runs.length, total: list.totalCount })}
        </span>
        {list.hasMore && (
          <button type="button" disabled={list.loading} onClick={() => setCount(count + PAGE)}>
            {t('runs.showMore')}
          </button>
        )}
      </div>
      {selected.size > 0 && (
        <div className="selection" role="status">
          <span>
            {selected.size > MOST_COMPARED
              ? t('runs.tooMany', { count: selected.size, most: MOST_COMPARED })
              : t('runs.selected', { count: selected.size })}
          </span>
          <button type="button" onClick={() => setSelected(new Set())}>
            {t('common.clear')}
          </button>
          {selected.size >= 2 && selected.size <= MOST_COMPARED && (
            <Link href={`/compare?runs=${[...selected].join(',')}`} className="button primary">
              {t('runs.compare')}
            </Link>
          )}
        </div>
      )}
    </>
  );
}
