import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { useRunList } from '../../api/use-run-list.js';
import { Failure, Loading } from '../../components/notice.js';
import type { RunCondition } from './run-filters.js';
import { RunTable } from './run-table.js';

const PAGE = 40;
const MOST_COMPARED = 8;

interface Props {
  condition: RunCondition;
  /** What they are sorted by, as text (docs/api/runs.md). */
  sort: string;
  /** The study that all of them belong to, if there is one. */
  studyId: string | null;
  showStudy?: boolean;
  /** Shown when no run matches. */
  empty: ReactNode;
}

/** A live table of runs with a "Show more" button and a selection to compare. */
export function RunList({ condition, sort, studyId, showStudy, empty }: Props) {
  const [count, setCount] = useState(PAGE);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = useRunList({ ...condition, sort, studyId }, count);
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
        <span className="soft num">{list.runs.length > 0 && `${list.runs.length} of ${list.totalCount}`}</span>
        {list.hasMore && (
          <button type="button" disabled={list.loading} onClick={() => setCount(count + PAGE)}>
            Show more
          </button>
        )}
      </div>
      {selected.size > 0 && (
        <div className="selection" role="status">
          <span>
            {selected.size} selected{selected.size > MOST_COMPARED && `; at most ${MOST_COMPARED} can be compared`}
          </span>
          <button type="button" onClick={() => setSelected(new Set())}>
            Clear
          </button>
          {selected.size >= 2 && selected.size <= MOST_COMPARED && (
            <Link href={`/compare?runs=${[...selected].join(',')}`} className="button primary">
              Compare
            </Link>
          )}
        </div>
      )}
    </>
  );
}
