import { signalled } from '../cli/local-stack/stopped.js';
import { EXIT, UserError } from '../schema/exit-codes.js';
import { chaos } from './chaos.js';
import { parseOptions } from './options.js';

/**
 * Lets runs complete while programs are killed, links break and disks fill. The last line is JSON; the exit code is 1 if a
 * rule was violated, and 2 if an option is not valid.
 * `npm run chaos -- [--seed N] [--seconds S] [--agents N] [--runs N] [--faults KIND,KIND] [--checkpoint-mb MB]`
 */
try {
  const result = await chaos(parseOptions(process.argv.slice(2)), signalled());
  console.log(JSON.stringify(result));
  // Faults that were interrupted may still wait.
  process.exit(result.violations > 0 ? EXIT.failed : EXIT.done);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`error: ${error.message}`);
  process.exit(error.exitCode);
}
