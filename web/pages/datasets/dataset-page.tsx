import { useQuery } from 'urql';
import { Link } from 'wouter';
import { DatasetDocument } from '../../../schema/generated/web/graphql.js';
import { useAfterReconnect } from '../../api/connection.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { datasetWords } from '../../format/dataset-words.js';
import { shortHash } from '../../format/format.js';
import { ClassesTable } from './classes-table.js';
import { PartsTable } from './parts-table.js';
import { SplitsTable } from './splits-table.js';

/** What a dataset holds, and what looks wrong with it. */
export function DatasetPage({ id }: { id: string }) {
  const [{ data, error, fetching }, load] = useQuery({ query: DatasetDocument, variables: { id } });
  useAfterReconnect(() => load({ requestPolicy: 'network-only' }));
  const dataset = data?.dataset;
  if (!dataset) {
    if (error) return <Failure error={error} />;
    if (fetching) return <Loading />;
    return (
      <Empty title="Dataset not found.">
        <p>
          No dataset has the ID <code>{id}</code>. <Link href="/datasets">Show all datasets</Link>
        </p>
      </Empty>
    );
  }
  const { facts, warnings } = dataset;
  return (
    <>
      <header>
        <h1>{dataset.name}</h1>
        <p className="soft">
          {datasetWords(dataset)}; kind {dataset.kind}, fingerprint{' '}
          <code title={dataset.fingerprint}>{shortHash(dataset.fingerprint)}</code>; held by{' '}
          {dataset.heldBy.map((runner) => runner.name).join(', ') || 'no runner'}
        </p>
      </header>
      {warnings.length > 0 && (
        <section aria-label="Warnings" className="notice">
          <ul className="plain">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="classes-title">
        <h2 id="classes-title">Classes</h2>
        <ClassesTable dataset={dataset} />
      </section>
      {facts ? (
        <>
          <section aria-labelledby="images-title">
            <h2 id="images-title">Images</h2>
            <PartsTable facts={facts} />
          </section>
          <section aria-labelledby="splits-title">
            <h2 id="splits-title">Labelled splits</h2>
            <SplitsTable dataset={dataset} facts={facts} />
          </section>
        </>
      ) : (
        <Empty title="What this dataset holds has not been counted.">
          <p>Runners count their own datasets when they start, but not the built-in one.</p>
        </Empty>
      )}
    </>
  );
}
