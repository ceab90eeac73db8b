import type { Notes } from '../../help.js';

/** Exit codes of the commands that only read from a server. */
export const READ_EXIT_CODES: Notes['exitCodes'] = {
  done: 'the server answered',
  failed: 'something unexpected went wrong',
  refused: 'a bad argument, an unknown run or study, or a missing or invalid token',
  unreachable: 'the server cannot be reached',
};

/** Exit codes of the commands that change a run, or with --where many. */
export const CHANGE_EXIT_CODES: Notes['exitCodes'] = {
  done: 'the run was changed; with --where: those that could be changed, perhaps none',
  failed: 'something unexpected went wrong',
  refused:
    'a bad argument, an unknown run, a run whose state does not allow the change, another count than that of --expect, ' +
    'or a missing or invalid token',
  unreachable: 'the server cannot be reached',
};
