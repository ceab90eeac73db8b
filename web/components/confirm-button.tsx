import { useRef, useState } from 'react';
import type { CombinedError } from 'urql';
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
export function ConfirmButton({ label, question, dangerous, action }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<CombinedError>();
  const act = async () => {
    setBusy(true);
    const refused = await action();
    setBusy(false);
    setError(refused);
    if (!refused) dialog.current?.close();
  };
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()}>
        {label}
      </button>
      <dialog ref={dialog} className="confirm" aria-label={label} onClose={() => setError(undefined)}>
        <p>{question}</p>
        <Failure error={error} />
        <div className="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Back
          </button>
          <button type="button" className={dangerous ? 'danger' : 'primary'} disabled={busy} onClick={act}>
            {label}
          </button>
        </div>
      </dialog>
    </>
  );
}
