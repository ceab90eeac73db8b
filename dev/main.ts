import { Command, InvalidArgumentError } from 'commander';
import { say } from './output.js';
import { isTaken } from './server.js';
import { Session, type SessionOptions } from './session.js';

/** npm forwards a Ctrl-C that the terminal has already delivered, so two signals this close together count as one. */
const SAME_SIGNAL_MS = 500;

function portNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError('must be from 1 to 65535.');
  return value;
}

const command = new Command('npm run dev --')
  .description('Runs the server, the dashboard and the type checker; every edit takes effect without another command.')
  .option('--port <port>', "the server's port", portNumber, 4000)
  .option('--web-port <port>', "the dashboard's port; the next free one if it is taken", portNumber, 5173)
  .option('--home <dir>', "folder of the database and of the runner's state", '.crosscheck')
  .option('--runner', 'also register and start a runner on this machine', false)
  .addHelpText('after', '\nExamples:\n  npm run dev\n  npm run dev -- --runner --home /tmp/crosscheck --port 4001')
  .parse();

const options = command.opts<SessionOptions>();

/** The first signal shuts everything down in order; a second one kills it at once. */
function stopOnSignals(session: Session): void {
  let firstMs: number | null = null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (firstMs === null) {
        firstMs = Date.now();
        session.stop();
        say('dev', 'Shutting down … (press Ctrl-C again to force quit)');
      } else if (Date.now() - firstMs > SAME_SIGNAL_MS) process.exit(130);
    });
  }
  // The terminal was closed.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => session.stop());
  // Leave nothing running, however this program ends.
  process.on('exit', () => session.kill());
}

if (await isTaken(options.port)) {
  console.error(
    `port ${options.port} is in use: stop the program that listens there, or choose another port with --port`,
  );
  process.exitCode = 1;
} else {
  const session = new Session(options);
  stopOnSignals(session);
  await session.run();
}
