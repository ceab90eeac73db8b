import { Link } from 'wouter';
import { DatasetListDocument } from '../../../schema/generated/web/graphql.js';
import { useRead } from '../../api/use-read.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { Scroll } from '../../components/scroll.js';
import { usePageTitle } from '../../components/use-page-title.js';
import { datasetWords } from '../../format/dataset-words.js';
import { t } from '../../messages/t.js';
import { Text } from '../../messages/text.js';

/** All datasets that runners have announced. */
export function DatasetsPage() {
  usePageTitle(t('datasets.title'));
  const { data, error, loading } = useRead(DatasetListDocument, {});
  const datasets = data?.datasets ?? [];
  return (
    <>
      <h1>{t('datasets.title')}</h1>
      <Failure error={error} />
      {loading && <Loading />}
      {data && datasets.length === 0 && (
        <Empty title={t('datasets.none')}>
          <p>
            <Text id="datasets.help" values={{ add: (text) => <Link href="/runners">{text}</Link> }} />
          </p>
        </Empty>
      )}
      {datasets.length > 0 && (
        <Scroll>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('common.name')}</th>
                <th scope="col">{t('datasets.size')}</th>
                <th scope="col">{t('datasets.kind')}</th>
                <th scope="col">{t('datasets.heldBy')}</th>
              </tr>
            </thead>
            <tbody>
              {datasets.map((dataset) => (
                <tr key={dataset.id}>
                  <th scope="row" className="name">
                    <Link href={`/datasets/${dataset.id}`}>{dataset.name}</Link>{' '}
                    {dataset.warnings.length > 0 && (
                      <span className="alarm-mark" title={dataset.warnings.join('\n')}>
                        {t('datasets.warnings', { count: dataset.warnings.length })}
                      </span>
                    )}
                  </th>
                  <td>{datasetWords(dataset)}</td>
                  <td>{dataset.kind}</td>
                  <td className="soft">
                    {dataset.heldBy.map(({ name }) => name).join(', ') || t('datasets.noRunner')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}
