import { useEffect, useRef, useState } from 'react';
import type { CombinedError } from 'urql';
import { t } from '../messages/t.js';
import { Failure } from './notice.js';

interface Props {
  label: string;
  /** Describes what will happen, as a sentence. */
  question: string;
  dangerous?: boolean;
  /** Resolves to an error when the server rejects it; the dialog then stays open and shows the error. */
  action: () => Promise<CombinedError | undefined>;
}

/** A button that asks for confirmation before it acts. */
export function ConfirmButton(props: Props) {
  // The button as it was when it was clicked. It may change before the dialog has closed, as from "Pause" to "Resume".
  const [asked, setAsked] = useState<Props>();
  return (
    <>
      <button type="button" onClick={() => setAsked(props)}>
        {props.label}
      </button>
      {asked && <ConfirmDialog {...asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

interface DialogProps extends Omit<Props, 'action'> {
  /** Null if there is nothing to confirm; then the dialog only tells. */
  action: Props['action'] | null;
  /** Why there is nothing to confirm, if the server said so. */
  failure?: CombinedError;
  onClose: () => void;
}

/** The dialog of such a button; open for as long as it is rendered. */
export function ConfirmDialog({ label, question, dangerous, action, failure, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(failure);
  useEffect(() => dialog.current?.showModal(), []);
  const act = async (confirmed: Props['action']) => {
    setBusy(true);
    const refused = await confirmed();
    setBusy(false);
    setError(refused);
    if (!refused) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} className="confirm" aria-label={label} onClose={onClose}>
      <p>{question}</p>
      <Failure error={error} ofAction />
      <div className="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          {t('common.back')}
        </button>
        {action && (
          <button
            type="button"
            className={dangerous ? 'danger' : 'primary'}
            disabled={busy}
            onClick={() => act(action)}
          >
            {label}
          </button>
        )}
      </div>
    </dialog>
  );
}
