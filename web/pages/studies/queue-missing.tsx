import { useState } from 'react';
import { type CombinedError, useMutation } from 'urql';
import { QueueMissingRunsDocument, type QueueMissingRunsMutation } from '../../../schema/generated/web/graphql.js';
import { ConfirmDialog } from '../../components/confirm-button.js';
import { t } from '../../messages/t.js';

type Planned = QueueMissingRunsMutation['queueMissingRuns'];
/** What the server would queue, or why it would queue nothing. */
interface Answer {
  planned: Planned | undefined;
  failure: CombinedError | undefined;
}

/** A button that queues the missing and failed runs of a study, after it has said how many there are. */
export function QueueMissing({ studyId }: { studyId: string }) {
  const [{ fetching }, send] = useMutation(QueueMissingRunsDocument);
  const [answer, setAnswer] = useState<Answer>();
  const ask = async () => {
    const { data: would, error } = await send({ studyId, dryRun: true });
    setAnswer({ planned: would?.queueMissingRuns, failure: error });
  };
  const queue = async () => (await send({ studyId, dryRun: false })).error;
  return (
    <>
      <button type="button" disabled={fetching && !answer} onClick={ask}>
        {t('studies.queueMissing')}
      </button>
      {answer && (
        <ConfirmDialog
          label={t('studies.queueMissing')}
          question={answer.planned ? inWords(answer.planned) : t('studies.missingUnknown')}
          action={answer.planned && answer.planned.count > 0 ? queue : null}
          failure={answer.failure}
          onClose={() => setAnswer(undefined)}
        />
      )}
    </>
  );
}

function inWords({ count, missing, retried }: Planned): string {
  if (count === 0) return t('studies.nothingMissing');
  const both = missing.length > 0 && retried.length > 0 ? 'yes' : 'no';
  return t('studies.queues', { count, missing: missing.length, failed: retried.length, both });
}
