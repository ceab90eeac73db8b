import { Link } from 'wouter';
import { DatasetDocument } from '../../../schema/generated/web/graphql.js';
import { useRead } from '../../api/use-read.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { usePageTitle } from '../../components/use-page-title.js';
import { datasetWords } from '../../format/dataset-words.js';
import { shortHash } from '../../format/format.js';
import { t } from '../../messages/t.js';
import { Text } from '../../messages/text.js';
import { ClassesTable } from './classes-table.js';
import { PartsTable } from './parts-table.js';
import { SplitsTable } from './splits-table.js';

/** What a dataset holds, and what looks wrong with it. */
export function DatasetPage({ id }: { id: string }) {
  const { data, error, loading } = useRead(DatasetDocument, { id });
  const dataset = data?.dataset;
  usePageTitle(dataset?.name ?? (loading ? null : t('datasets.notFound')));
  if (!dataset) {
    if (error) return <Failure error={error} />;
    if (loading) return <Loading />;
    return (
      <Empty isPage title={t('datasets.notFound')}>
        <p>
          <Text
            id="datasets.notFoundHelp"
            values={{ id, code: (text) => <code>{text}</code>, all: (text) => <Link href="/datasets">{text}</Link> }}
          />
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
          <Text
            id="datasets.facts"
            values={{
              size: datasetWords(dataset),
              kind: dataset.kind,
              fingerprint: shortHash(dataset.fingerprint),
              code: (text) => <code title={dataset.fingerprint}>{text}</code>,
              runners: dataset.heldBy.map((runner) => runner.name).join(', ') || t('datasets.noRunner'),
            }}
          />
        </p>
      </header>
      {warnings.length > 0 && (
        <section aria-label={t('datasets.warningsTitle')} className="notice">
          <ul className="plain">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="classes-title">
        <h2 id="classes-title">{t('datasets.classes')}</h2>
        <ClassesTable dataset={dataset} />
      </section>
      {facts ? (
        <>
          <section aria-labelledby="images-title">
            <h2 id="images-title">{t('datasets.images')}</h2>
            <PartsTable facts={facts} />
          </section>
          <section aria-labelledby="splits-title">
            <h2 id="splits-title">{t('datasets.splits')}</h2>
            <SplitsTable dataset={dataset} facts={facts} />
          </section>
        </>
      ) : (
        <Empty title={t('datasets.notCounted')}>
          <p>{t('datasets.notCountedHelp')}</p>
        </Empty>
      )}
    </>
  );
}
