import { Link } from 'wouter';
import { RunsDocument } from '../../../schema/generated/web/graphql.js';
import { useRead } from '../../api/use-read.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { t } from '../../messages/t.js';
import { Text } from '../../messages/text.js';
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
  const asked = { ...condition, sort: toSort(FIRST_ORDER), first: 1, after: null };
  const { data, loading, error } = useRead(RunsDocument, archivedAreHidden ? asked : null);
  const isFiltered = condition.where !== null || condition.query !== '';
  if (loading) return <Loading />;
  if (error) return <Failure error={error} />;
  if (archivedAreHidden && data && data.runs.totalCount > 0) {
    return (
      <Empty title={isFiltered ? t('runs.matchesArchived') : t('runs.allArchived')}>
        <p>
          <button type="button" onClick={onShowArchived}>
            {t('runs.showArchived')}
          </button>
        </p>
      </Empty>
    );
  }
  if (isFiltered) {
    return (
      <Empty title={t('runs.noMatch')}>
        <Link href="/">{t('common.showAllRuns')}</Link>
      </Empty>
    );
  }
  return (
    <Empty title={t('runs.none')}>
      <p>
        <Text
          id="runs.firstSteps"
          values={{
            runner: (text) => <Link href="/runners">{text}</Link>,
            queue: (text) => <Link href="/new">{text}</Link>,
          }}
        />
      </p>
    </Empty>
  );
}
