import { Command, Option } from 'commander';
import { defaultHome } from '../../runner/agent/home.js';
import { ENGINE_CHOICES, type EngineChoice, KERNEL_CHOICES, type KernelChoice } from '../../runner/tracking/engine.js';
import { EXIT } from '../../schema/exit-codes.js';
import { checkedOutCommit } from '../commit.js';
import { GROUP_EXIT_CODES, jsonOption, withNotes } from '../help.js';
import { collect, collectAddresses, secondsOfDay } from '../options.js';
import { registrationToken } from '../registration-token.js';
import type { Shell } from '../shell.js';
import { version } from '../version.js';
import { runnerChangeCommands } from './fleet/runner-changes.js';

const home = (): Option =>
  new Option('--home <dir>', "the runner's folder: its identity and its undelivered results").default(defaultHome());
const data = (text: string): Option =>
  new Option('--data <dir>', `a dataset folder: DIR, NAME=DIR or KIND:NAME=DIR; may be repeated. ${text}`)
    .argParser(collect)
    .default([], 'only the built-in ones');
const engine = (): Option =>
  new Option('--engine <engine>', 'the engine to compute with').choices(ENGINE_CHOICES).default('auto');
const kernels = (): Option =>
  new Option(
    '--kernels <kernels>',
    'the kernels of wasm: native (compiled for this processor), simd (portable), or auto (the best available)',
  )
    .choices(KERNEL_CHOICES)
    .default('auto');

const weights = (text = ''): Option =>
  new Option(
    '--weights <dir>',
    `a folder from which runs may read pretrained weights, in addition to weights in the home; may be repeated${text}`,
  )
    .argParser(collect)
    .default([], 'none');
const allowHost = (text = ''): Option =>
  new Option(
    '--allow-host <host>',
    'a host from which runs may download pretrained weights: NAME, NAME:PORT, ADDRESS:PORT or, in a private network, ' +
      `NAME=ADDRESS; may be repeated${text}`,
  )
    .argParser(collect)
    .default([], 'none');
const REPLACES_REGISTERED = '. Replaces the registered ones for this start';

/** The agent's commands and this machine. They do not load a tensor library, because an agent runs for days. */
async function agent({ print }: Shell) {
  const [commands, { thisMachine }] = await Promise.all([
    import('../../runner/agent/commands.js'),
    import('../../runner/machine.js'),
  ]);
  return { ...commands, machine: thisMachine(version, checkedOutCommit(), print) };
}

export function runnerCommand(shell: Shell): Command {
  const command = new Command('runner')
    .description('Turns this machine into a runner, which trains the runs that a server assigns to it, or changes one.')
    .addCommand(registerCommand(shell))
    .addCommand(startCommand(shell))
    .addCommand(checkCommand(shell))
    .addCommand(statusCommand(shell));
  for (const each of runnerChangeCommands(shell, home)) command.addCommand(each);
  return withNotes(command, {
    examples: [
      ['CROSSCHECK_REGISTRATION_TOKEN=T runner register --server URL', 'once'],
      ['runner start', 'claim runs and train them'],
      ['runner pause gpu-1', 'claim no more runs'],
    ],
    exitCodes: GROUP_EXIT_CODES,
  });
}

function registerCommand(shell: Shell): Command {
  const command = new Command('register')
    .description('Registers this machine as a runner of a server.')
    .requiredOption(
      '--server <url>',
      "the server's address, such as http://localhost:4000; repeat it if several servers share one database",
      collectAddresses,
    )
    .option('--token <token>', 'a registration token. Other users of this machine can see it in the list of processes')
    .option(
      '--token-file <file>',
      'read the registration token from this file, or from standard input if it is - (default: CROSSCHECK_REGISTRATION_TOKEN)',
    )
    .option('--name <name>', "the runner's name (default: the machine's name)")
    .option('--pool <pool>', 'the group of runners that this one belongs to', 'default')
    .addOption(engine())
    .addOption(kernels())
    .addOption(
      new Option(
        '--adapter <adapter>',
        'the GPU for webgpu: its index or part of its name. With A,B, each of the two networks gets its own GPU. ' +
          'May be repeated: one slot per GPU, each with its own run',
      )
        .argParser(collect)
        .default([], 'the first GPU'),
    )
    .addOption(data('Every file is checked before anything is registered'))
    .addOption(weights())
    .addOption(allowHost())
    .addOption(home())
    .option('--force', 'replace the runner that is registered in this home', false)
    .action(async ({ token: given, tokenFile, ...options }) => {
      const token = registrationToken({ token: given, tokenFile });
      const { register, machine } = await agent(shell);
      shell.end(await register({ ...options, token }, machine));
    });
  return withNotes(command, {
    examples: [
      ['CROSSCHECK_REGISTRATION_TOKEN=T runner register --server URL', 'with the built-in datasets'],
      ['runner register --server URL --token-file FILE --data voc=/data/VOC', 'with a dataset folder'],
      ['runner register --server URL --token-file - --adapter 0 --adapter 1', 'a slot on each of two GPUs'],
    ],
    exitCodes: {
      done: 'registered',
      failed: 'something unexpected went wrong',
      refused:
        'a bad argument, dataset or engine, a home that is already registered, or a token that the server rejects',
      unreachable: 'the server cannot be reached',
    },
  });
}

function startCommand(shell: Shell): Command {
  const command = new Command('start')
    .description('Claims runs and trains them until SIGTERM or SIGINT.')
    .addOption(home())
    .option('--once', 'claim one run, train it and exit', false)
    .option(
      '--server <url>',
      "the server's address, if the server has moved since the registration; may be repeated",
      collectAddresses,
    )
    .addOption(
      new Option(
        '--stall-seconds <seconds>',
        'how long a training process may be silent before it counts as hung (docs/runner-protocol.md); 0 turns this off',
      )
        .argParser(secondsOfDay)
        .default(300),
    )
    .addOption(data('Replaces the registered datasets for this start').default([], 'the registered datasets'))
    .addOption(weights(REPLACES_REGISTERED).default([], 'the registered ones'))
    .addOption(allowHost(REPLACES_REGISTERED).default([], 'the registered ones'))
    .action(async (options) => {
      const { start, machine } = await agent(shell);
      shell.end(await start(options, machine));
    });
  return withNotes(command, {
    examples: [
      ['runner start', 'until Ctrl-C'],
      ['runner start --once', 'one run, for Slurm and Kubernetes jobs'],
      ['runner start --home /data/runner-2', 'a second runner on this machine'],
    ],
    exitCodes: {
      done: 'stopped; with --once: the run completed, was canceled or returned to the queue',
      failed: 'with --once: the run failed or was lost; otherwise something unexpected went wrong',
      refused: 'a bad argument or dataset, a home that is not registered, or a request that the server rejects',
      nothingToDo: 'with --once: the queue holds no run that fits this runner',
      interrupted: 'stopped immediately by a second signal',
    },
  });
}

interface CheckOptions {
  data?: string;
  home: string;
  engine: EngineChoice;
  kernels: KernelChoice;
  adapter?: string;
  weights: string[];
  allowHost: string[];
}

function checkCommand(shell: Shell): Command {
  const command = new Command('check')
    .description(
      'Checks that a recipe is valid. With --data, also tries out whether its runs would train here, and how fast.',
    )
    .argument('<recipe>', 'a YAML or JSON file: a study, or the configuration of a run')
    .option(
      '--data <dir>',
      "the recipe's dataset: DIR, NAME=DIR or KIND:NAME=DIR; or a built-in one: shapes, shapes_longtail",
    )
    .addOption(engine())
    .addOption(kernels())
    .option(
      '--adapter <adapter>',
      'the GPU for webgpu: its index or part of its name. With A,B, each of the two networks gets its own GPU',
    )
    .addOption(weights().default([], 'those of the runner in the home, if there is one'))
    .addOption(allowHost().default([], 'those of the runner in the home, if there is one'))
    .addOption(home())
    .action(async (recipe: string, { data, kernels, adapter, ...options }: CheckOptions) => {
      // Loads a tensor library.
      const { check } = await import('../../runner/check.js');
      const engineOptions = { kernels, adapter: adapter ?? null };
      const good = await check(recipe, { ...options, data: data ?? null, engineOptions, print: shell.print });
      shell.end(good ? EXIT.done : EXIT.failed);
    });
  return withNotes(command, {
    examples: [
      ['runner check docs/recipes/voc-resnet50.yaml', 'is it valid?'],
      [
        'runner check docs/recipes/voc-resnet50.yaml --data voc=DIR --weights DIR',
        'would it train here, and how fast?',
      ],
    ],
    exitCodes: {
      done: 'the recipe is valid and, with --data, each of its runs would train',
      failed: 'a run would fail, or something unexpected went wrong',
      refused: 'the recipe, the dataset or an argument is not valid',
    },
  });
}

function statusCommand(shell: Shell): Command {
  const command = new Command('status')
    .description("Prints the runner's identity, its state on the server, and the runs that it is training.")
    .addOption(home())
    .addOption(jsonOption('print one JSON object instead'))
    .action(async (options: { home: string; json: boolean }) => {
      const { status, machine } = await agent(shell);
      shell.end(await status(options, machine));
    });
  return withNotes(command, {
    examples: [
      ['runner status', 'of the runner in the default home'],
      ['runner status --json | jq .state', 'only its state'],
    ],
    exitCodes: {
      done: 'the server knows this runner',
      failed: 'something unexpected went wrong',
      refused: 'the home is not registered, or the server does not know this runner',
      unreachable: 'the server cannot be reached',
    },
  });
}
