import { Fragment, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Link } from 'wouter';
import { classWeightWords } from '../../../schema/class-weight-words.js';
import {
  CancelRunDocument,
  DeleteRunDocument,
  RetryRunDocument,
  UpdateRunDocument,
} from '../../../schema/generated/web/graphql.js';
import { parameterWords } from '../../../schema/parameter-words.js';
import { useMayEdit } from '../../api/use-may-edit.js';
import type { RunDetails } from '../../api/use-run.js';
import { ArchiveButton } from '../../components/archive-button.js';
import { ConfirmButton } from '../../components/confirm-button.js';
import { Progress } from '../../components/progress.js';
import { SplitHash } from '../../components/split-hash.js';
import { PhaseWord, StateBadge } from '../../components/state-badge.js';
import { useNow } from '../../components/use-now.js';
import { age, grouped, percent, timeBetween } from '../../format/format.js';
import { EditRun } from './edit-run.js';
import { WaitingPanel } from './waiting-panel.js';

interface Props {
  run: RunDetails;
  onChanged: () => void;
  onDeleted: () => void;
}

export function RunHeader({ run, onChanged, onDeleted }: Props) {
  const now = useNow(1000);
  const mayEdit = useMayEdit();
  const { setup } = run;
  const weights =
    setup &&
    classWeightWords(
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
        {run.archivedAt && <span className="badge">Archived</span>}
        {mayEdit && <Actions run={run} onChanged={onChanged} onDeleted={onDeleted} />}
      </div>
      {run.failure && (
        <p className="notice notice-bad" role="alert">
          {run.failure}
        </p>
      )}
      {run.waiting && <WaitingPanel waiting={run.waiting} />}
      <Progress step={run.step} iterations={run.iterations} label="Progress" />
      <dl className="facts">
        <Fact name="Method" value={run.methodLabel} />
        <Fact name="Dataset" value={<Link href={`/datasets/${run.dataset.id}`}>{run.dataset.name}</Link>} />
        <Fact
          name="Labels"
          value={`${run.splitLabel}${setup ? ` (${grouped(setup.labelledImages)} labelled, ${grouped(setup.unlabelledImages)} unlabelled)` : ''}`}
        />
        <Fact name="Split" value={<SplitHash hash={run.splitHash} />} />
        <Fact name="Seed" value={run.seed} />
        <Fact name="Backbone" value={setup ? `${run.backbone}, ${parameterWords(setup)}` : run.backbone} />
        <Fact
          name="mIoU"
          value={run.evaluation ? `${percent(run.evaluation.meanIou)} at step ${run.evaluation.step}` : '–'}
        />
        <Fact name="Runner" value={run.runner ? <Link href="/runners">{run.runner.name}</Link> : '–'} />
        <Fact name="Engine" value={setup ? `${setup.engine} on ${setup.device}` : '–'} />
        {weights && <Fact name="Loss" value={weights} />}
        <Fact
          name="Duration"
          value={run.startedAt && run.state !== 'QUEUED' ? timeBetween(run.startedAt, run.finishedAt, now) : 'waiting'}
        />
        <Fact name="Queued" value={<time dateTime={run.createdAt}>{age(run.createdAt, now)}</time>} />
        {run.study && <Fact name="Study" value={<Link href={`/studies/${run.study.id}`}>{run.study.name}</Link>} />}
        {run.tags.length > 0 && <Fact name="Tags" value={run.tags.join(', ')} />}
        {run.parent && (
          <Fact name={run.parent.kind === 'RETRY' ? 'Retry of' : 'Cloned from'} value={<Parent {...run.parent} />} />
        )}
        {run.children.length > 0 && (
          <Fact
            name="Copies"
            value={run.children.map(({ id, number }) => (
              <Fragment key={id}>
                <Link href={`/runs/${id}`}>#{number}</Link>{' '}
              </Fragment>
            ))}
          />
        )}
        {edit && <Fact name="Edited" value={`${age(edit.at, now)} by ${edit.account.name}`} />}
      </dl>
      {run.notes && <p className="prose notes">{run.notes}</p>}
    </header>
  );
}

/** The run that this one was made from, by its number if it has been deleted. */
function Parent({ number, run }: NonNullable<RunDetails['parent']>) {
  return run ? <Link href={`/runs/${run.id}`}>#{number}</Link> : <>#{number} (deleted)</>;
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Actions({ run, onChanged, onDeleted }: Props) {
  const [, update] = useMutation(UpdateRunDocument);
  const [, cancel] = useMutation(CancelRunDocument);
  const [, retry] = useMutation(RetryRunDocument);
  const [, remove] = useMutation(DeleteRunDocument);
  const variables = { id: run.id };
  const running = run.state === 'RUNNING' || run.state === 'CANCELING';
  return (
    <div className="actions">
      <EditRun run={run} onChanged={onChanged} />
      <ArchiveButton
        archivedAt={run.archivedAt}
        change={async (archived) => {
          const { error } = await update({ id: run.id, input: { archived } });
          if (!error) onChanged();
          return error;
        }}
      />
      {(run.state === 'QUEUED' || run.state === 'RUNNING') && (
        <ConfirmButton
          label="Cancel run"
          question="The run stops at its next step. Its results are kept, and you can queue it again."
          dangerous
          action={async () => {
            const { error } = await cancel(variables);
            if (!error) onChanged();
            return error;
          }}
        />
      )}
      {(run.state === 'FAILED' || run.state === 'CANCELED') && (
        <ConfirmButton
          label="Queue again"
          question="The run is queued again and resumes from its newest checkpoint, if it has one."
          action={async () => {
            const { error } = await retry(variables);
            if (!error) onChanged();
            return error;
          }}
        />
      )}
      {!running && (
        <ConfirmButton
          label="Delete"
          question={`This permanently deletes run #${run.number} and all its metrics, evaluations and samples.`}
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
