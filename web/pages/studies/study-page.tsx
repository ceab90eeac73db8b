import { useMutation } from 'urql';
import { Link, useLocation } from 'wouter';
import {
  DeleteStudyDocument,
  StudyChangedDocument,
  StudyDocument,
  UpdateStudyDocument,
} from '../../../schema/generated/web/graphql.js';
import { useLive } from '../../api/use-live.js';
import { useMayEdit } from '../../api/use-may-edit.js';
import { useRead } from '../../api/use-read.js';
import { ArchiveButton } from '../../components/archive-button.js';
import { Choice } from '../../components/choice.js';
import { ConfirmButton } from '../../components/confirm-button.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { usePageTitle } from '../../components/use-page-title.js';
import { subsetChoices } from '../../format/choices.js';
import { t } from '../../messages/t.js';
import { Text } from '../../messages/text.js';
import { RunList } from '../../run-list/run-list.js';
import { oneOf } from '../../url/url-parts.js';
import { useUrlState } from '../../url/use-url-state.js';
import { QueueMissing } from './queue-missing.js';
import { RunCounts } from './run-counts.js';
import { StudyTable } from './study-table.js';
import { TableText } from './table-text.js';

const allSubsetChoices = () => [['', t('studies.automatic')], ...subsetChoices()] as const;
const SUBSET = oneOf(['', 'VAL', 'TEST'], '');

/** A study's table, which fills in while the runs train, and its runs. */
export function StudyPage({ id }: { id: string }) {
  const [subset, setSubset] = useUrlState('subset', SUBSET);
  const [, navigate] = useLocation();
  const mayEdit = useMayEdit();
  const [, remove] = useMutation(DeleteStudyDocument);
  const [, update] = useMutation(UpdateStudyDocument);
  const variables = { id, subset: subset || null };
  const { data, error, loading } = useRead(StudyDocument, variables);
  useLive(StudyChangedDocument, variables);

  const study = data?.study;
  usePageTitle(study?.name ?? (loading ? null : t('studies.notFound')));
  if (!study) {
    if (error) return <Failure error={error} />;
    if (loading) return <Loading />;
    return (
      <Empty isPage title={t('studies.notFound')}>
        <p>
          <Text
            id="studies.notFoundHelp"
            values={{ id, code: (text) => <code>{text}</code>, all: (text) => <Link href="/studies">{text}</Link> }}
          />
        </p>
      </Empty>
    );
  }
  return (
    <>
      <header>
        <div className="title-row">
          <h1>{study.name}</h1>
          {study.archivedAt && <span className="badge">{t('common.archived')}</span>}
          {mayEdit && (
            <div className="actions">
              <QueueMissing studyId={id} />
              <ArchiveButton
                archivedAt={study.archivedAt}
                change={async (archived) => (await update({ id, input: { archived } })).error}
              />
              <ConfirmButton
                label={t('studies.delete')}
                question={t('studies.deleteQuestion', { name: study.name, count: study.runCounts.total })}
                dangerous
                action={async () => {
                  const { error } = await remove({ id });
                  if (!error) navigate('/studies');
                  return error;
                }}
              />
            </div>
          )}
        </div>
        {study.description && <p className="prose">{study.description}</p>}
        <p className="soft">
          <RunCounts counts={study.runCounts} />
        </p>
      </header>
      <section aria-labelledby="table-title">
        <div className="section-head">
          <h2 id="table-title">{t('studies.table')}</h2>
          <Choice label={t('common.images')} value={subset} onChange={setSubset} options={allSubsetChoices()} />
        </div>
        <Failure error={error} />
        {study.table.rows.length > 0 ? (
          <>
            <StudyTable table={study.table} />
            <TableText
              studyId={id}
              subset={study.table.subset}
              hasVariants={study.table.rows.some(({ variant }) => variant !== null)}
            />
          </>
        ) : (
          <Empty title={t('studies.tableEmpty')} />
        )}
      </section>
      <section aria-labelledby="runs-title">
        <h2 id="runs-title">{t('shell.runs')}</h2>
        <RunList
          wanted={{ where: { field: { path: 'studyId' }, value: id }, query: '', sort: 'number' }}
          studyId={id}
          showStudy={false}
          empty={<Empty title={t('studies.noRuns')} />}
        />
      </section>
    </>
  );
}
