import { useState } from 'react';
import type { CombinedError } from 'urql';
import { t } from '../messages/t.js';
import { Failure } from './notice.js';

interface Props {
  /** When it was archived; null if it is in the lists. */
  archivedAt: string | null;
  /** Archives it, or lists it again. Resolves to an error when the server rejects it. */
  change: (archived: boolean) => Promise<CombinedError | undefined>;
}

/** Hides a run or a study from lists, or shows it in them again. Nothing is lost, so it does not ask. */
export function ArchiveButton({ archivedAt, change }: Props) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<CombinedError>();
  const archive = archivedAt === null;
  const act = async () => {
    setBusy(true);
    setError(await change(archive));
    setBusy(false);
  };
  return (
    <>
      <Failure error={error} ofAction />
      <button type="button" disabled={busy} onClick={act}>
        {archive ? t('common.archive') : t('common.unarchive')}
      </button>
    </>
  );
}
