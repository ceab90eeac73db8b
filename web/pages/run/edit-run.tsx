import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { type CombinedError, useMutation } from 'urql';
import { UpdateRunDocument, type UpdateRunInput } from '../../../schema/generated/web/graphql.js';
import type { RunDetails } from '../../api/use-run.js';
import { Failure } from '../../components/notice.js';
import { t } from '../../messages/t.js';

/** A button that opens a form for the name, tags and notes of a run. */
export function EditRun({ run }: { run: RunDetails }) {
  // The run as it was when the form was opened. It may change meanwhile, which must not replace what is typed.
  const [opened, setOpened] = useState<RunDetails>();
  return (
    <>
      <button type="button" onClick={() => setOpened(run)}>
        {t('common.edit')}
      </button>
      {opened && <EditDialog run={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}

interface DialogProps {
  run: RunDetails;
  onClose: () => void;
}

/** Open for as long as it is rendered. */
function EditDialog({ run, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [, update] = useMutation(UpdateRunDocument);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<CombinedError>();
  useEffect(() => dialog.current?.showModal(), []);
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const input = editsOf(run, new FormData(event.currentTarget));
    if (Object.keys(input).length > 0) {
      setBusy(true);
      const { error: refused } = await update({ id: run.id, input });
      setBusy(false);
      setError(refused);
      if (refused) return;
    }
    dialog.current?.close();
  };
  return (
    <dialog ref={dialog} className="confirm" aria-label={t('run.editTitle')} onClose={onClose}>
      <form className="form" onSubmit={save}>
        <h2>{t('run.editTitle')}</h2>
        <div className="field">
          <label htmlFor={`${id}-name`}>{t('common.name')}</label>
          <input id={`${id}-name`} name="name" defaultValue={run.name} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-tags`}>{t('run.tagsField')}</label>
          <input id={`${id}-tags`} name="tags" defaultValue={tagsText(run)} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-notes`}>{t('run.notesField')}</label>
          <textarea id={`${id}-notes`} name="notes" rows={8} defaultValue={run.notes} />
        </div>
        <Failure error={error} ofAction />
        <div className="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            {t('common.back')}
          </button>
          <button type="submit" className="primary" disabled={busy}>
            {t('common.save')}
          </button>
        </div>
      </form>
    </dialog>
  );
}

const tagsText = ({ tags }: RunDetails): string => tags.join(', ');

const withoutCarriageReturns = (text: string): string => text.replaceAll('\r\n', '\n');

/** What was changed in the form, and nothing else: somebody may have changed the other fields since it was opened. */
function editsOf(run: RunDetails, form: FormData): UpdateRunInput {
  const text = (field: string) => withoutCarriageReturns(String(form.get(field)));
  const [name, tags, notes] = [text('name'), text('tags'), text('notes')];
  const each = tags.split(',').map((tag) => tag.trim());
  return {
    ...(name !== run.name && { name }),
    ...(tags !== tagsText(run) && { tags: each.filter((tag) => tag !== '') }),
    ...(notes !== withoutCarriageReturns(run.notes) && { notes }),
  };
}
