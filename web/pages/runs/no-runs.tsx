import { useQuery } from 'urql';
import { Link } from 'wouter';
import { RunsDocument } from '../../../schema/generated/web/graphql.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { FIRST_ORDER, type RunCondition, toSort } from './run-filters.js';

interface Props {
  /** What was asked for, with archived runs. */
  condition: RunCondition;
  /** Whether archived runs were left out. */
  archivedAreHidden: boolean;
  onShowArchived: () => void;
}

/** Says why a list is empty: all runs that match are archived, none matches, or there is none. */
export function NoRuns({ condition, archivedAreHidden, onShowArchived }: Props) {
  const [{ data, fetching, error }] = useQuery({
    query: RunsDocument,
    variables: { ...condition, sort: toSort(FIRST_ORDER), first: 1 },
    pause: !archivedAreHidden,
    requestPolicy: 'network-only',
  });
  const isFiltered = condition.where !== null || condition.query !== '';
  if (fetching) return <Loading />;
  if (error) return <Failure error={error} />;
  if (archivedAreHidden && data && data.runs.totalCount > 0) {
    return (
      <Empty title={isFiltered ? 'All runs that match these filters are archived.' : 'All runs are archived.'}>
        <p>
          <button type="button" onClick={onShowArchived}>
            Show archived runs
          </button>
        </p>
      </Empty>
    );
  }
  if (isFiltered) {
    return (
      <Empty title="No runs match these filters.">
        <Link href="/">Show all runs</Link>
      </Empty>
    );
  }
  return (
    <Empty title="No runs yet.">
      <p>
        First, <Link href="/runners">add a runner</Link>. Then <Link href="/new">queue a run</Link> on one of its
        datasets.
      </p>
    </Empty>
  );
}
