import { useMutation, useQuery } from 'urql';
import { Link, useLocation } from 'wouter';
import {
  DeleteStudyDocument,
  RunsChangedDocument,
  StudyDocument,
  type Subset,
  UpdateStudyDocument,
} from '../../../schema/generated/web/graphql.js';
import { useAfterReconnect } from '../../api/connection.js';
import { useLive } from '../../api/use-live.js';
import { useMayEdit } from '../../api/use-may-edit.js';
import { useThrottled } from '../../api/use-throttled.js';
import { ArchiveButton } from '../../components/archive-button.js';
import { Choice } from '../../components/choice.js';
import { ConfirmButton } from '../../components/confirm-button.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useUrlState } from '../../components/use-url-state.js';
import { SUBSETS } from '../../format/choices.js';
import { ofStudy } from '../runs/run-filters.js';
import { RunList } from '../runs/run-list.js';
import { QueueMissing } from './queue-missing.js';
import { RunCounts } from './studies-page.js';
import { StudyTable } from './study-table.js';
import { TableText } from './table-text.js';

const REFETCH_AT_MOST_EVERY_MS = 1000;

const SUBSET_CHOICES = [['', 'Automatic'], ...SUBSETS] as const;

/** A study's table, which fills in while the runs train, and its runs. */
export function StudyPage({ id }: { id: string }) {
  const [subset, setSubset] = useUrlState('subset', '');
  const [, navigate] = useLocation();
  const mayEdit = useMayEdit();
  const [, remove] = useMutation(DeleteStudyDocument);
  const [, update] = useMutation(UpdateStudyDocument);
  const [{ data, error, fetching }, load] = useQuery({
    query: StudyDocument,
    variables: { id, subset: (subset || null) as Subset | null },
  });
  const refetch = useThrottled(() => load({ requestPolicy: 'network-only' }), REFETCH_AT_MOST_EVERY_MS);
  useAfterReconnect(refetch);
  useLive(RunsChangedDocument, { studyId: id }, refetch);

  const study = data?.study;
  if (!study) {
    if (error) return <Failure error={error} />;
    if (fetching) return <Loading />;
    return (
      <Empty title="Study not found.">
        <p>
          No study has the ID <code>{id}</code>. <Link href="/studies">Show all studies</Link>
        </p>
      </Empty>
    );
  }
  return (
    <>
      <header>
        <div className="title-row">
          <h1>{study.name}</h1>
          {study.archivedAt && <span className="badge">Archived</span>}
          {mayEdit && (
            <div className="actions">
              <QueueMissing studyId={id} onQueued={refetch} />
              <ArchiveButton
                archivedAt={study.archivedAt}
                change={async (archived) => {
                  const { error } = await update({ id, input: { archived } });
                  if (!error) refetch();
                  return error;
                }}
              />
              <ConfirmButton
                label="Delete study"
                question={`This permanently deletes "${study.name}", all its runs (${study.runCounts.total}) and their results.`}
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
          <h2 id="table-title">Table</h2>
          <Choice label="Images" value={subset} onChange={setSubset} options={SUBSET_CHOICES} />
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
          <Empty title="The table fills in as the runs are evaluated." />
        )}
      </section>
      <section aria-labelledby="runs-title">
        <h2 id="runs-title">Runs</h2>
        <RunList
          condition={ofStudy(id)}
          sort="number"
          studyId={id}
          showStudy={false}
          empty={<Empty title="This study has no runs." />}
        />
      </section>
    </>
  );
}
