import { useState } from 'react';
import { type CombinedError, useMutation } from 'urql';
import { QueueMissingRunsDocument, type QueueMissingRunsMutation } from '../../../schema/generated/web/graphql.js';
import { ConfirmDialog } from '../../components/confirm-button.js';

type Planned = QueueMissingRunsMutation['queueMissingRuns'];
/** What the server would queue, or why it would queue nothing. */
interface Answer {
  planned: Planned | undefined;
  failure: CombinedError | undefined;
}

const LABEL = 'Queue missing runs';

/** A button that queues the missing and failed runs of a study, after it has said how many there are. */
export function QueueMissing({ studyId, onQueued }: { studyId: string; onQueued: () => void }) {
  const [{ fetching }, send] = useMutation(QueueMissingRunsDocument);
  const [answer, setAnswer] = useState<Answer>();
  const ask = async () => {
    const { data: would, error } = await send({ studyId, dryRun: true });
    setAnswer({ planned: would?.queueMissingRuns, failure: error });
  };
  const queue = async () => {
    const { error } = await send({ studyId, dryRun: false });
    if (!error) onQueued();
    return error;
  };
  return (
    <>
      <button type="button" disabled={fetching && !answer} onClick={ask}>
        {LABEL}
      </button>
      {answer && (
        <ConfirmDialog
          label={LABEL}
          question={answer.planned ? inWords(answer.planned) : 'Which runs are missing is unknown.'}
          action={answer.planned && answer.planned.count > 0 ? queue : null}
          failure={answer.failure}
          onClose={() => setAnswer(undefined)}
        />
      )}
    </>
  );
}

function inWords({ count, missing, retried }: Planned): string {
  if (count === 0) return 'No run of the matrix is missing, and none has failed.';
  const parts = [
    ...(missing.length > 0 ? [`${missing.length} missing`] : []),
    ...(retried.length > 0 ? [`${retried.length} failed`] : []),
  ];
  return `This queues ${count === 1 ? '1 run' : `${count} runs`}: ${parts.join(', ')}.`;
}
