import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, Option } from 'commander';
import { describeError, type Machine, register, start, status } from './agent/commands.js';
import { EXIT } from './agent/errors.js';
import { defaultHome } from './agent/identity.js';
import { ENGINE_CHOICES, type EngineChoice, KERNEL_CHOICES, type KernelChoice } from './tracking/messages.js';

const machine: Machine = {
  version: JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version,
  trainScript: fileURLToPath(new URL('./train-process.js', import.meta.url)),
  // Loaded for registration alone: the agent that works for days never holds a tensor library.
  startEngine: async (requested, options) => {
    const { startEngine } = await import('./engines/engine.js');
    return startEngine(requested, options);
  },
  print: (line) => console.log(line),
};

const collect = (value: string, previous: string[]): string[] => [...previous, value];
const home = (): Option =>
  new Option('--home <dir>', 'where its identity and what it has not yet delivered lie').default(defaultHome());
const data = (text: string): Option =>
  new Option('--data <dir>', `a dataset folder, DIR, NAME=DIR or KIND:NAME=DIR; may be repeated. ${text}`)
    .argParser(collect)
    .default([], 'the built-in shapes alone');

const engine = (): Option =>
  new Option('--engine <engine>', 'what it computes with').choices(ENGINE_CHOICES).default('auto');
const kernels = (): Option =>
  new Option('--kernels <kernels>', 'what wasm computes with: compiled for this processor, portable, or the best')
    .choices(KERNEL_CHOICES)
    .default('auto');

/** Loaded for this command alone, as it brings a tensor library. */
async function checkRecipe(
  recipe: string,
  options: { data?: string; home: string; engine: EngineChoice; kernels: KernelChoice; adapter?: string },
): Promise<number> {
  const { check } = await import('./check.js');
  const good = await check(recipe, {
    data: options.data ?? null,
    home: options.home,
    engine: options.engine,
    engineOptions: { kernels: options.kernels, adapter: options.adapter ?? null },
    print: machine.print,
  });
  return good ? EXIT.done : EXIT.failed;
}

function commandLine(finish: (code: number) => void): Command {
  const program = new Command('crosscheck-runner')
    .description('Trains the runs that a Crosscheck server hands out.')
    .version(machine.version)
    .configureHelp({ showGlobalOptions: true });

  program
    .command('register')
    .description('make this machine a runner of a server')
    .requiredOption('--server <url>', "the server's address, such as http://localhost:4000")
    .requiredOption('--token <token>', 'a registration token')
    .option('--name <name>', "what it is called (default: the machine's name)")
    .option('--pool <pool>', 'the group of runners that it belongs to', 'default')
    .addOption(engine())
    .addOption(kernels())
    .addOption(
      new Option(
        '--adapter <adapter>',
        'the GPU that webgpu computes on: its place in the list, or a part of its name; A,B: one for each of two networks; ' +
          'repeated: so many runs at a time, one on each',
      )
        .argParser(collect)
        .default([], 'the first GPU'),
    )
    .addOption(data('Checked as a whole before anything is registered'))
    .addOption(home())
    .option('--force', 'replace the runner that the home holds', false)
    .action(async (options) => finish(await register(options, machine)));

  program
    .command('start')
    .description('claim runs and train them until SIGTERM or SIGINT')
    .addOption(home())
    .option('--once', 'claim one run, train it, exit: 0 when it ended well, 1 when not, 3 when there was none', false)
    .addOption(data('Replaces those given at registration for this start').default([], 'those of the registration'))
    .action(async (options) => finish(await start(options, machine)));

  program
    .command('check')
    .description(
      'check a recipe: whether it is valid and, with --data, whether its runs would train here, and how fast',
    )
    .argument('<recipe>', 'a YAML or JSON file: a study, or the configuration of a run')
    .option('--data <dir>', "the recipe's dataset, DIR, NAME=DIR or KIND:NAME=DIR; shapes for the built-in one")
    .addOption(engine())
    .addOption(kernels())
    .option('--adapter <adapter>', 'the GPU that webgpu computes on; A,B: one for each of two networks')
    .addOption(home())
    .action(async (recipe, options) => finish(await checkRecipe(recipe, options)));

  program
    .command('status')
    .description('what the server knows about this runner')
    .addOption(home())
    .action(async (options) => finish(await status(options, machine)));

  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}

try {
  await commandLine((code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  // Commander has already said what is wrong with the arguments.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.refused;
  else {
    const { message, exitCode } = describeError(error);
    console.error(message);
    process.exitCode = exitCode;
  }
}
