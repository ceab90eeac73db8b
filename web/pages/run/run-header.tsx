import { Fragment, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Link } from 'wouter';
import {
  CancelRunDocument,
  DeleteRunDocument,
  RetryRunDocument,
  UpdateRunDocument,
} from '../../../schema/generated/web/graphql.js';
import { useMayEdit } from '../../api/use-may-edit.js';
import type { RunDetails } from '../../api/use-run.js';
import { ArchiveButton } from '../../components/archive-button.js';
import { ConfirmButton } from '../../components/confirm-button.js';
import { Progress } from '../../components/progress.js';
import { SplitHash } from '../../components/split-hash.js';
import { PhaseWord, StateBadge } from '../../components/state-badge.js';
import { useNow } from '../../components/use-now.js';
import { age, percent, timeBetween } from '../../format/format.js';
import { t } from '../../messages/t.js';
import { EditRun } from './edit-run.js';
import { lossWords } from './loss-words.js';
import { WaitingPanel } from './waiting-panel.js';

interface Props {
  run: RunDetails;
  onDeleted: () => void;
}

export function RunHeader({ run, onDeleted }: Props) {
  const now = useNow(1000);
  const mayEdit = useMayEdit();
  const { setup } = run;
  const weights =
    setup &&
    lossWords(
      setup,
      run.dataset.classes.map(({ name }) => name),
    );
  const [edit] = run.edits;
  return (
    <header className="run-header">
      <div className="title-row">
        <h1>
          <span className="soft num">#{run.number}</span> {run.name}
        </h1>
        <StateBadge state={run.state} />
        <PhaseWord phase={run.phase} />
        {run.archivedAt && <span className="badge">{t('common.archived')}</span>}
        {mayEdit && <Actions run={run} onDeleted={onDeleted} />}
      </div>
      {run.failure && (
        <p className="notice notice-bad" role="alert">
          {run.failure}
        </p>
      )}
      {run.waiting && <WaitingPanel waiting={run.waiting} />}
      <Progress step={run.step} iterations={run.iterations} label={t('common.progress')} />
      <dl className="facts">
        <Fact name={t('common.method')} value={run.methodLabel} />
        <Fact name={t('common.dataset')} value={<Link href={`/datasets/${run.dataset.id}`}>{run.dataset.name}</Link>} />
        <Fact
          name={t('common.labels')}
          value={
            setup
              ? t('run.labelCounts', {
                  split: run.splitLabel,
                  labelled: setup.labelledImages,
                  unlabelled: setup.unlabelledImages,
                })
              : run.splitLabel
          }
        />
        <Fact name={t('common.split')} value={<SplitHash hash={run.splitHash} />} />
        <Fact name={t('common.seed')} value={run.seed} />
        <Fact name={t('run.backbone')} value={setup ? backboneWords(run.backbone, setup) : run.backbone} />
        <Fact
          name={t('common.miou')}
          value={
            run.evaluation ? t('run.miouAt', { miou: percent(run.evaluation.meanIou), step: run.evaluation.step }) : '–'
          }
        />
        <Fact name={t('common.runner')} value={run.runner ? <Link href="/runners">{run.runner.name}</Link> : '–'} />
        <Fact
          name={t('run.engine')}
          value={setup ? t('run.engineOn', { engine: setup.engine, device: setup.device }) : '–'}
        />
        {weights && <Fact name={t('run.loss')} value={weights} />}
        <Fact
          name={t('run.duration')}
          value={
            run.startedAt && run.state !== 'QUEUED' ? timeBetween(run.startedAt, run.finishedAt, now) : t('run.waits')
          }
        />
        <Fact name={t('common.queued')} value={<time dateTime={run.createdAt}>{age(run.createdAt, now)}</time>} />
        {run.study && (
          <Fact name={t('common.study')} value={<Link href={`/studies/${run.study.id}`}>{run.study.name}</Link>} />
        )}
        {run.tags.length > 0 && <Fact name={t('common.tags')} value={run.tags.join(', ')} />}
        {run.parent && (
          <Fact
            name={run.parent.kind === 'RETRY' ? t('run.retryOf') : t('run.clonedFrom')}
            value={<Parent {...run.parent} />}
          />
        )}
        {run.children.length > 0 && (
          <Fact
            name={t('run.copies')}
            value={run.children.map(({ id, number }) => (
              <Fragment key={id}>
                <Link href={`/runs/${id}`}>#{number}</Link>{' '}
              </Fragment>
            ))}
          />
        )}
        {edit && (
          <Fact name={t('run.edited')} value={t('run.editedBy', { age: age(edit.at, now), name: edit.account.name })} />
        )}
      </dl>
      {run.notes && <p className="prose notes">{run.notes}</p>}
    </header>
  );
}

/** The run that this one was made from, by its number if it has been deleted. */
function Parent({ number, run }: NonNullable<RunDetails['parent']>) {
  return run ? <Link href={`/runs/${run.id}`}>#{number}</Link> : t('run.deletedNumber', { number });
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function backboneWords(backbone: string, setup: NonNullable<Props['run']['setup']>): string {
  const { parameters, secondParameters: second } = setup;
  return second
    ? t('run.parametersTwo', { backbone, parameters, second })
    : t('run.parameters', { backbone, parameters });
}

function Actions({ run, onDeleted }: Props) {
  const [, update] = useMutation(UpdateRunDocument);
  const [, cancel] = useMutation(CancelRunDocument);
  const [, retry] = useMutation(RetryRunDocument);
  const [, remove] = useMutation(DeleteRunDocument);
  const variables = { id: run.id };
  const running = run.state === 'RUNNING' || run.state === 'CANCELING';
  return (
    <div className="actions">
      <EditRun run={run} />
      <ArchiveButton
        archivedAt={run.archivedAt}
        change={async (archived) => (await update({ id: run.id, input: { archived } })).error}
      />
      {(run.state === 'QUEUED' || run.state === 'RUNNING') && (
        <ConfirmButton
          label={t('run.cancel')}
          question={t('run.cancelQuestion')}
          dangerous
          action={async () => (await cancel(variables)).error}
        />
      )}
      {(run.state === 'FAILED' || run.state === 'CANCELED') && (
        <ConfirmButton
          label={t('run.retry')}
          question={t('run.retryQuestion')}
          action={async () => (await retry(variables)).error}
        />
      )}
      {!running && (
        <ConfirmButton
          label={t('common.delete')}
          question={t('run.deleteQuestion', { number: run.number })}
          dangerous
          action={async () => {
            const { error } = await remove(variables);
            if (!error) onDeleted();
            return error;
          }}
        />
      )}
    </div>
  );
}
