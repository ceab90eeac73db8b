import { useQuery } from 'urql';
import { Link } from 'wouter';
import { DatasetsDocument } from '../../../schema/generated/web/graphql.js';
import { useAfterReconnect } from '../../api/connection.js';
import { Choice } from '../../components/choice.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useUrlState } from '../../components/use-url-state.js';
import { RunForm } from './run-form.js';
import { StudyForm } from './study-form.js';

const KINDS = [
  ['study', 'Study'],
  ['run', 'Single run'],
] as const;

/** Queues one run, or a study with every combination of methods, splits and seeds. */
export function NewPage() {
  const [kind, setKind] = useUrlState('kind', 'study');
  const [{ data, error, fetching }, load] = useQuery({ query: DatasetsDocument });
  useAfterReconnect(() => load({ requestPolicy: 'network-only' }));
  const datasets = data?.datasets ?? [];
  return (
    <>
      <div className="section-head">
        <h1>{kind === 'run' ? 'New run' : 'New study'}</h1>
        <Choice label="Kind" value={kind} onChange={setKind} options={KINDS} />
      </div>
      <Failure error={error} />
      {fetching && !data && <Loading />}
      {data && datasets.length === 0 && (
        <Empty title="No datasets yet.">
          <p>
            Runners announce their datasets. To start, <Link href="/runners">add a runner</Link>.
          </p>
        </Empty>
      )}
      {datasets.length > 0 && (kind === 'run' ? <RunForm datasets={datasets} /> : <StudyForm datasets={datasets} />)}
    </>
  );
}
