import { type FormEvent, useId, useRef, useState } from 'react';
import { type CombinedError, useMutation } from 'urql';
import { UpdateRunDocument } from '../../../schema/generated/web/graphql.js';
import type { RunDetails } from '../../api/use-run.js';
import { Failure } from '../../components/notice.js';

/** A button that opens a form for the name, tags and notes of a run. */
export function EditRun({ run, onChanged }: { run: RunDetails; onChanged: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [, update] = useMutation(UpdateRunDocument);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<CombinedError>();
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name));
    const tags = text('tags').split(',');
    const input = {
      name: text('name'),
      tags: tags.map((tag) => tag.trim()).filter((tag) => tag !== ''),
      notes: text('notes'),
    };
    setBusy(true);
    const { error: refused } = await update({ id: run.id, input });
    setBusy(false);
    setError(refused);
    if (refused) return;
    dialog.current?.close();
    onChanged();
  };
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()}>
        Edit
      </button>
      <dialog ref={dialog} className="confirm" aria-label="Edit run" onClose={() => setError(undefined)}>
        {/* The form starts again with what the run has when somebody has changed it. */}
        <form className="form" onSubmit={save} key={JSON.stringify([run.name, run.tags, run.notes])}>
          <div className="field">
            <label htmlFor={`${id}-name`}>Name</label>
            <input id={`${id}-name`} name="name" defaultValue={run.name} />
          </div>
          <div className="field">
            <label htmlFor={`${id}-tags`}>Tags, separated by commas</label>
            <input id={`${id}-tags`} name="tags" defaultValue={run.tags.join(', ')} />
          </div>
          <div className="field">
            <label htmlFor={`${id}-notes`}>Notes, in Markdown</label>
            <textarea id={`${id}-notes`} name="notes" rows={8} defaultValue={run.notes} />
          </div>
          <Failure error={error} />
          <div className="actions">
            <button type="button" onClick={() => dialog.current?.close()}>
              Back
            </button>
            <button type="submit" className="primary" disabled={busy}>
              Save
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}

/** Hides a run from lists, or shows it in them again. Nothing is lost, so it does not ask. */
export function ArchiveButton({ run, onChanged }: { run: RunDetails; onChanged: () => void }) {
  const [{ fetching, error }, update] = useMutation(UpdateRunDocument);
  const archived = run.archivedAt === null;
  const change = async () => {
    const { error: refused } = await update({ id: run.id, input: { archived } });
    if (!refused) onChanged();
  };
  return (
    <>
      <Failure error={error} />
      <button type="button" disabled={fetching} onClick={change}>
        {archived ? 'Archive' : 'Unarchive'}
      </button>
    </>
  );
}
