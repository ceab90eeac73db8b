import { readFileSync } from 'node:fs';
import { UserError } from '../schema/exit-codes.js';

const VARIABLE = 'CROSSCHECK_REGISTRATION_TOKEN';

/**
 * The registration token that `runner register` was given: by an option, in a file, or in the environment. Only the first
 * shows in the list of processes. @throws UserError if there is none, or the file cannot be read
 */
export function registrationToken(
  { token, tokenFile }: { token?: string; tokenFile?: string },
  environment: Record<string, string | undefined> = process.env,
): string {
  if (token !== undefined && tokenFile !== undefined)
    throw new UserError('give either --token or --token-file, not both');
  const found = tokenFile === undefined ? (token ?? environment[VARIABLE] ?? '') : readToken(tokenFile);
  if (found.trim()) return found.trim();
  throw new UserError(
    tokenFile === undefined
      ? `a registration token is needed: set ${VARIABLE}, or give --token-file FILE (- is standard input)`
      : `--token-file ${tokenFile}: is empty`,
  );
}

function readToken(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UserError(`--token-file ${file}: cannot be read: ${(error as Error).message}`);
  }
}
