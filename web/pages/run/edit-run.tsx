import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { type CombinedError, useMutation } from 'urql';
import { UpdateRunDocument, type UpdateRunInput } from '../../../schema/generated/web/graphql.js';
import type { RunDetails } from '../../api/use-run.js';
import { Failure } from '../../components/notice.js';

/** A button that opens a form for the name, tags and notes of a run. */
export function EditRun({ run, onChanged }: { run: RunDetails; onChanged: () => void }) {
  // The run as it was when the form was opened. It may change meanwhile, which must not replace what is typed.
  const [opened, setOpened] = useState<RunDetails>();
  return (
    <>
      <button type="button" onClick={() => setOpened(run)}>
        Edit
      </button>
      {opened && <EditDialog run={opened} onChanged={onChanged} onClose={() => setOpened(undefined)} />}
    </>
  );
}

interface DialogProps {
  run: RunDetails;
  onChanged: () => void;
  onClose: () => void;
}

/** Open for as long as it is rendered. */
function EditDialog({ run, onChanged, onClose }: DialogProps) {
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
      onChanged();
    }
    dialog.current?.close();
  };
  return (
    <dialog ref={dialog} className="confirm" aria-label="Edit run" onClose={onClose}>
      <form className="form" onSubmit={save}>
        <h2>Edit run</h2>
        <div className="field">
          <label htmlFor={`${id}-name`}>Name</label>
          <input id={`${id}-name`} name="name" defaultValue={run.name} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-tags`}>Tags, separated by commas</label>
          <input id={`${id}-tags`} name="tags" defaultValue={tagsText(run)} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-notes`}>Notes, in Markdown</label>
          <textarea id={`${id}-notes`} name="notes" rows={8} defaultValue={run.notes} />
        </div>
        <Failure error={error} ofAction />
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
