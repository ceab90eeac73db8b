import { useState } from 'react';
import { Link } from 'wouter';
import { StudiesDocument } from '../../../schema/generated/web/graphql.js';
import { useRead } from '../../api/use-read.js';
import { useRunChanges } from '../../api/use-run-changes.js';
import { useThrottled } from '../../api/use-throttled.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { Scroll } from '../../components/scroll.js';
import { useNow } from '../../components/use-now.js';
import { usePageTitle } from '../../components/use-page-title.js';
import { age } from '../../format/format.js';
import { t } from '../../messages/t.js';
import { Text } from '../../messages/text.js';
import { flag } from '../../url/url-parts.js';
import { useUrlState } from '../../url/use-url-state.js';
import { RunCounts } from './run-counts.js';

const PAGE = 50;
const REFRESH_AT_MOST_EVERY_MS = 2000;

/** Studies in pages, newest first. */
export function StudiesPage() {
  usePageTitle(t('studies.title'));
  const [trail, setTrail] = useState<string[]>([]);
  const [showsArchived, setShowsArchived] = useUrlState('archived', flag);
  const now = useNow(10_000);
  const { data, error, loading, refresh } = useRead(StudiesDocument, {
    first: PAGE,
    after: trail.at(-1) ?? null,
    archived: showsArchived ? null : false,
  });
  const refreshSoon = useThrottled(refresh, REFRESH_AT_MOST_EVERY_MS);
  // No message has a study's counts of runs, which change with the states of its runs.
  useRunChanges({ studyId: null, of: ({ state }) => state, onChange: refreshSoon });
  const studies = data?.studies.edges.map(({ node }) => node) ?? [];
  const archived = data?.archived.totalCount ?? 0;
  const next = data?.studies.pageInfo.hasNextPage ? data.studies.pageInfo.endCursor : null;
  const showOthers = () => {
    setTrail([]);
    setShowsArchived(!showsArchived);
  };
  return (
    <>
      <h1>{t('studies.title')}</h1>
      <Failure error={error} />
      {loading && <Loading />}
      {data && studies.length === 0 && (
        <Empty title={archived > 0 ? t('studies.allArchived') : t('studies.none')}>
          <p>
            <Text id="studies.help" values={{ queue: (text) => <Link href="/new">{text}</Link> }} />
          </p>
        </Empty>
      )}
      {studies.length > 0 && (
        <Scroll>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('common.name')}</th>
                <th scope="col">{t('shell.runs')}</th>
                <th scope="col">{t('common.description')}</th>
                <th scope="col">{t('common.created')}</th>
              </tr>
            </thead>
            <tbody>
              {studies.map((study) => (
                <tr key={study.id}>
                  <th scope="row" className="name">
                    <Link href={`/studies/${study.id}`} title={study.name}>
                      {study.name}
                    </Link>
                    {study.archivedAt && (
                      <span className="under">
                        <span className="tag">{t('runs.archivedTag')}</span>
                      </span>
                    )}
                  </th>
                  <td className="keep">
                    <RunCounts counts={study.runCounts} />
                  </td>
                  <td className="soft">{study.description}</td>
                  <td className="keep soft">{age(study.createdAt, now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <div className="table-foot">
        {trail.length > 0 && (
          <button type="button" onClick={() => setTrail(trail.slice(0, -1))}>
            {t('studies.newer')}
          </button>
        )}
        {next && (
          <button type="button" onClick={() => setTrail([...trail, next])}>
            {t('studies.older')}
          </button>
        )}
        {archived > 0 && (
          <button type="button" onClick={showOthers}>
            {showsArchived ? t('studies.hideArchived') : t('studies.showArchived', { count: archived })}
          </button>
        )}
      </div>
    </>
  );
}
