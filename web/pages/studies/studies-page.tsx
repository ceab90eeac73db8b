import { useState } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { RunsChangedDocument, StudiesDocument, type StudyHeadFragment } from '../../../schema/generated/web/graphql.js';
import { useAfterReconnect } from '../../api/connection.js';
import { useLive } from '../../api/use-live.js';
import { useThrottled } from '../../api/use-throttled.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useNow } from '../../components/use-now.js';
import { useUrlState } from '../../components/use-url-state.js';
import { age } from '../../format/format.js';

const PAGE = 50;
const REFETCH_AT_MOST_EVERY_MS = 2000;

/** Studies in pages, newest first. */
export function StudiesPage() {
  const [trail, setTrail] = useState<string[]>([]);
  const [shown, setShown] = useUrlState('archived', '');
  const now = useNow(10_000);
  const [{ data, error, fetching }, load] = useQuery({
    query: StudiesDocument,
    variables: { first: PAGE, after: trail.at(-1), archived: shown === '' ? false : null },
  });
  const refetch = useThrottled(() => load({ requestPolicy: 'network-only' }), REFETCH_AT_MOST_EVERY_MS);
  useAfterReconnect(refetch);
  useLive(RunsChangedDocument, {}, refetch);
  const studies = data?.studies.edges.map(({ node }) => node) ?? [];
  const archived = data?.archived.totalCount ?? 0;
  const next = data?.studies.pageInfo.hasNextPage ? data.studies.pageInfo.endCursor : null;
  const showOthers = () => {
    setTrail([]);
    setShown(shown === '' ? 'yes' : '');
  };
  return (
    <>
      <h1>Studies</h1>
      <Failure error={error} />
      {fetching && !data && <Loading />}
      {data && studies.length === 0 && (
        <Empty title={archived > 0 ? 'All studies are archived.' : 'No studies yet.'}>
          <p>
            A study is a matrix of runs, compared in one table. <Link href="/new">Queue a study</Link>
          </p>
        </Empty>
      )}
      {studies.length > 0 && (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Runs</th>
                <th scope="col">Description</th>
                <th scope="col">Created</th>
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
                        <span className="tag">archived</span>
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
        </div>
      )}
      <div className="table-foot">
        {trail.length > 0 && (
          <button type="button" onClick={() => setTrail(trail.slice(0, -1))}>
            Newer
          </button>
        )}
        {next && (
          <button type="button" onClick={() => setTrail([...trail, next])}>
            Older
          </button>
        )}
        {archived > 0 && (
          <button type="button" onClick={showOthers}>
            {shown === '' ? `Show archived studies (${archived})` : 'Hide archived studies'}
          </button>
        )}
      </div>
    </>
  );
}

/** "3 of 9 completed, 1 failed, 2 running" */
export function RunCounts({ counts }: { counts: StudyHeadFragment['runCounts'] }) {
  const { completed, total, running, failed, canceled } = counts;
  const rest = [
    running > 0 && `${running} running`,
    failed > 0 && `${failed} failed`,
    canceled > 0 && `${canceled} canceled`,
  ].filter(Boolean);
  return <span className="num">{[`${completed} of ${total} completed`, ...rest].join(', ')}</span>;
}
