import { EXIT, UserError } from '../schema/exit-codes.js';
import { fuzz } from './fuzz.js';
import { parseOptions } from './options.js';

/**
 * Looks for input that the server cannot bear. The last line is JSON; the exit code is 1 if there were faults, and 2 if an
 * option is not valid.
 * `npm run fuzz -- [--seed N] [--seconds S] [--operation NAME] [--per-place N] [--runs N] [--auth on|off]`
 */
try {
  const result = await fuzz(parseOptions(process.argv.slice(2)));
  console.log(JSON.stringify(result));
  if (result.faults > 0) process.exitCode = EXIT.failed;
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = error.exitCode;
}
