import { Link } from 'wouter';
import { DatasetsDocument } from '../../../schema/generated/web/graphql.js';
import { useRead } from '../../api/use-read.js';
import { Choice } from '../../components/choice.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { usePageTitle } from '../../components/use-page-title.js';
import { t } from '../../messages/t.js';
import { Text } from '../../messages/text.js';
import { oneOf } from '../../url/url-parts.js';
import { useUrlState } from '../../url/use-url-state.js';
import { RunForm } from './run-form.js';
import { StudyForm } from './study-form.js';

const kindChoices = () =>
  [
    ['study', t('new.study')],
    ['run', t('new.run')],
  ] as const;
const KIND = oneOf(['study', 'run'], 'study');

/** Queues one run, or a study with every combination of methods, splits and seeds. */
export function NewPage() {
  const [kind, setKind] = useUrlState('kind', KIND);
  const title = kind === 'run' ? t('new.newRun') : t('new.newStudy');
  usePageTitle(title);
  const { data, error, loading } = useRead(DatasetsDocument, {});
  const datasets = data?.datasets ?? [];
  return (
    <>
      <div className="section-head">
        <h1>{title}</h1>
        <Choice label={t('new.kind')} value={kind} onChange={setKind} options={kindChoices()} />
      </div>
      <Failure error={error} />
      {loading && <Loading />}
      {data && datasets.length === 0 && (
        <Empty title={t('new.noDatasets')}>
          <p>
            <Text id="new.noDatasetsHelp" values={{ add: (text) => <Link href="/runners">{text}</Link> }} />
          </p>
        </Empty>
      )}
      {datasets.length > 0 && (kind === 'run' ? <RunForm datasets={datasets} /> : <StudyForm datasets={datasets} />)}
    </>
  );
}
