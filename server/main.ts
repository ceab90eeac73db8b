import 'reflect-metadata';
import { Command } from 'commander';
import { createApp } from './app.js';
import { EnvError, readEnv } from './env.js';
import { AppError } from './graphql/errors.js';
import { createLogger } from './logger.js';
import { createToken } from './token-command.js';

const program = new Command('crosscheck-server').description(
  'The Crosscheck server: GraphQL, dashboard and, unless DATABASE_URL is set, its own Postgres.',
);

program
  .command('start', { isDefault: true })
  .description('start the server; settings come from the environment')
  .action(serve);

program
  .command('token')
  .description('create a token and print it, this once')
  .requiredOption('--kind <kind>', 'registration (for runners to register with) or user')
  .requiredOption('--label <label>', 'what it is for')
  .option('--uses <n>', 'how many runners may register with it')
  .option('--expires-in <seconds>', 'how long it is valid')
  .action(createToken);

program.parseAsync().catch((error: Error) => {
  // A person at a terminal can mend a bad setting; anything else is logged with its stack.
  if (error instanceof EnvError || error instanceof AppError) console.error(error.message);
  else createLogger('fatal').fatal({ err: error }, 'the server did not start');
  process.exit(1);
});

async function serve(): Promise<void> {
  const env = readEnv();
  const logger = createLogger(env.logLevel);
  const app = await createApp(env, logger);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      logger.info({ signal }, 'stopping; once more stops at once');
      app.close().then(
        () => process.exit(0),
        (error: Error) => {
          logger.error({ err: error }, 'the server did not stop cleanly');
          process.exit(1);
        },
      );
    });
  }
  logger.info({ url: app.url, auth: env.authRequired ? 'on' : 'off' }, 'Crosscheck is up');
}
