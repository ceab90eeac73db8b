import type { Notes } from '../../help.js';

/** Exit codes of the commands that only read from a server. */
export const READ_EXIT_CODES: Notes['exitCodes'] = {
  done: 'the server answered',
  failed: 'something unexpected went wrong',
  refused: 'a bad argument, an unknown run or study, or a missing or invalid token',
  unreachable: 'the server cannot be reached',
};

/** Exit codes of the commands that change a run. */
export const CHANGE_EXIT_CODES: Notes['exitCodes'] = {
  done: 'the run was changed',
  failed: 'something unexpected went wrong',
  refused: 'an unknown run, a run whose state does not allow the change, or a missing or invalid token',
  unreachable: 'the server cannot be reached',
};
