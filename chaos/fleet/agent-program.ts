import { describeError } from '../../cli/describe-error.js';
import { start } from '../../runner/agent/commands.js';
import { keepLedger } from './ledger.js';
import { scriptedMachine } from './machine.js';

/** `runner start`, with training processes that follow the script. CHAOS_HOME and CHAOS_LEDGER say where. */
const { CHAOS_HOME: home, CHAOS_LEDGER: ledger } = process.env;
keepLedger(ledger!);
/** As short as the leases: after its lock was damaged, an agent waits for so long. */
const lockTimes = { refreshMs: 500, staleMs: 3_000 };
const options = { home: home!, once: false, data: [], weights: [], allowHost: [], stallSeconds: 0, lockTimes };
try {
  process.exitCode = await start(
    options,
    scriptedMachine((line) => console.log(line)),
  );
} catch (error) {
  const { message, exitCode } = describeError(error);
  console.error(`error: ${message}`);
  process.exitCode = exitCode;
}
