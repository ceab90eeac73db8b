import { useQuery } from 'urql';
import { Link } from 'wouter';
import { DatasetListDocument } from '../../../schema/generated/web/graphql.js';
import { useAfterReconnect } from '../../api/connection.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { datasetWords } from '../../format/dataset-words.js';

/** All datasets that runners have announced. */
export function DatasetsPage() {
  const [{ data, error, fetching }, load] = useQuery({ query: DatasetListDocument });
  useAfterReconnect(() => load({ requestPolicy: 'network-only' }));
  const datasets = data?.datasets ?? [];
  return (
    <>
      <h1>Datasets</h1>
      <Failure error={error} />
      {fetching && !data && <Loading />}
      {data && datasets.length === 0 && (
        <Empty title="No datasets yet.">
          <p>
            Runners bring them: each announces the datasets that it holds. <Link href="/runners">Add a runner</Link>
          </p>
        </Empty>
      )}
      {datasets.length > 0 && (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Images and classes</th>
                <th scope="col">Kind</th>
                <th scope="col">Held by</th>
              </tr>
            </thead>
            <tbody>
              {datasets.map((dataset) => (
                <tr key={dataset.id}>
                  <th scope="row" className="name">
                    <Link href={`/datasets/${dataset.id}`}>{dataset.name}</Link>{' '}
                    {dataset.warnings.length > 0 && (
                      <span className="alarm-mark" title={dataset.warnings.join('\n')}>
                        {dataset.warnings.length} {dataset.warnings.length === 1 ? 'warning' : 'warnings'}
                      </span>
                    )}
                  </th>
                  <td>{datasetWords(dataset)}</td>
                  <td>{dataset.kind}</td>
                  <td className="soft">{dataset.heldBy.map(({ name }) => name).join(', ') || 'no runner'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
