import { useQuery } from 'urql';
import { Link } from 'wouter';
import { DatasetsDocument } from '../../../schema/generated/web/graphql.js';
import { Choice } from '../../components/choice.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useUrlState } from '../../components/use-url-state.js';
import { RunForm } from './run-form.js';
import { StudyForm } from './study-form.js';

const KINDS = [
  ['study', 'A study'],
  ['run', 'One run'],
] as const;

/** Queues one run, or a study with every combination of methods, splits and seeds. */
export function NewPage() {
  const [kind, setKind] = useUrlState('kind', 'study');
  const [{ data, error, fetching }] = useQuery({ query: DatasetsDocument });
  const datasets = data?.datasets ?? [];
  return (
    <>
      <div className="section-head">
        <h1>New</h1>
        <Choice label="What" value={kind} onChange={setKind} options={KINDS} />
      </div>
      <Failure error={error} />
      {fetching && !data && <Loading />}
      {data && datasets.length === 0 && (
        <Empty title="No dataset is known yet.">
          <p>
            A dataset becomes known when a runner announces it: <Link href="/runners">add a runner</Link>.
          </p>
        </Empty>
      )}
      {datasets.length > 0 && (kind === 'run' ? <RunForm datasets={datasets} /> : <StudyForm datasets={datasets} />)}
    </>
  );
}
