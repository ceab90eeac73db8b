import type { Reasons } from './reason.js';

const ANOTHER_NAME = 'Start the runner with another name for it (--data NAME=DIR)';
const TRANSFER = `${ANOTHER_NAME}, or ask an administrator to transfer the dataset to this runner (transferDataset).`;
const DIFFERS = 'dataset "%{name}" is not the one that the server knows: %{differences}.';

/** What does not exist, and what its state does not allow. */
export const STATE_REASONS = {
  NOT_FOUND: ['NOT_FOUND', 'there is no %{type} %{"id"}'],
  RUN_PRIORITY_FIXED: ['CONFLICT', 'run %{number} is %{state}: only the priority of a QUEUED run can be changed'],
  TOO_MANY_TAGS_OF_RUN: ['CONFLICT', 'run %{number} would have %{count} tags; at most %{most} are allowed'],
  TOO_MANY_TAGS_OF_STUDY: ['CONFLICT', 'study "%{name}" would have %{count} tags; at most %{most} are allowed'],

  RUN_NOT_CANCELABLE: ['CONFLICT', 'run %{number} is %{state}: only a QUEUED or RUNNING run can be canceled'],
  RUN_NOT_RETRYABLE: ['CONFLICT', 'run %{number} is %{state}: only a FAILED or CANCELED run can be retried'],
  RUN_NOT_DELETABLE: [
    'CONFLICT',
    'run %{number} is %{state}: cancel it and wait until its runner has stopped before you delete it',
  ],
  RUNS_IN_PROGRESS: [
    'CONFLICT',
    '%{runs}: before they are deleted, runs in progress must be canceled, and their runners must have stopped',
  ],
  STUDY_WITHOUT_MATRIX: [
    'CONFLICT',
    'study "%{name}" has no stored matrix, because an earlier version created it; create a new study',
  ],
  COUNT_UNEXPECTED: ['CONFLICT', 'the filter matches %{found}, but %{expected} were expected; nothing was changed'],
  TOO_MANY_SAVED_FILTERS: [
    'CONFLICT',
    'the account has %{most} saved filters, the most that it may have; delete one first',
  ],
  SAVED_FILTER_EXISTS: [
    'CONFLICT',
    'the account has a saved filter "%{name}" already; choose another name, or update that one',
  ],
  EVALUATION_MISSING: ['NOT_FOUND', 'run %{number} has no evaluation of %{network} on %{subset}'],
  EVALUATION_MISSING_AT: ['NOT_FOUND', 'run %{number} has no evaluation of %{network} on %{subset} at step %{step}'],
  ACCOUNT_EXISTS: ['CONFLICT', 'there is already an account called "%{name}"'],
  ACCOUNT_FIXED: ['CONFLICT', 'the account "%{name}" always stays an enabled ADMIN; only its share can be changed'],
  ACCOUNT_WITHOUT_TOKENS: [
    'CONFLICT',
    'the account "local" has no tokens, because it is used without one; give the id of another account',
  ],
  ACCOUNT_DISABLED: ['CONFLICT', 'the account "%{name}" is disabled: enable it first'],
  TOKEN_OF_ENVIRONMENT: ['CONFLICT', 'this token comes from %{variable}: change that variable and restart the server'],
  TOKEN_ENDED: ['CONFLICT', 'the token "%{label}" has ended: create a new one'],
  RUNNER_IN_USE: [
    'CONFLICT',
    'another copy of the home of runner "%{name}" has been in use on %{host} since %{since}, and was last heard ' +
      'from %{heardSeconds} s ago; stop it there (if it has stopped, wait %{waitSeconds} s), or register this ' +
      'machine as a runner of its own, with --force',
  ],
  DATASET_USED: ['CONFLICT', 'runs have used dataset "%{name}", so its content cannot change; use another name'],
  DATASET_DIFFERS_USED: [
    'CONFLICT',
    `${DIFFERS} Runs have used the known one, so it cannot be replaced. ${ANOTHER_NAME}.`,
  ],
  DATASET_DIFFERS_HELD: ['CONFLICT', `${DIFFERS} The known one is held by %{"runners"}. ${TRANSFER}`],
  DATASET_DIFFERS_TRANSFERRED: [
    'CONFLICT',
    `${DIFFERS} An administrator has transferred it to another runner. ${TRANSFER}`,
  ],
  UPLOAD_COMPLETE: ['CONFLICT', 'upload "%{id}" is already complete'],
  UPLOAD_OFFSET_WRONG: ['CONFLICT', 'Upload-Offset must be %{received}, where upload "%{id}" continues; got %{offset}'],
  UPLOAD_SIZE_CHANGED: [
    'CONFLICT',
    'blob %{sha256} was announced with %{announced} bytes before, and now with %{bytes}',
  ],
} as const satisfies Reasons;
