import { Command, Option } from 'commander';
import { withChanges } from '../../../schema/clinic/remedies.js';
import { UserError } from '../../../schema/exit-codes.js';
import {
  ClinicDocument,
  type ClinicQuery,
  type Network,
  QueueRunDocument,
} from '../../../schema/generated/cli/graphql.js';
import { completedConfig } from '../../../schema/stored-config.js';
import type { Api } from '../../api.js';
import { jsonOption, withNotes } from '../../help.js';
import { positiveInt, type ServerOptions, serverOption, tokenOption } from '../../options.js';
import { type Column, renderRows, share } from '../../output/columns.js';
import type { Shell } from '../../shell.js';
import { evaluationWords, networkOption } from './evaluation-options.js';
import { CHANGE_EXIT_CODES } from './exit-codes.js';
import { noSuchRun, runReference } from './run-reference.js';

type Run = NonNullable<ClinicQuery['run']>;
type Checkup = Run['clinic'][number];
type Remedy = NonNullable<Checkup['diagnosis']>['remedies'][number];

interface Options extends ServerOptions {
  network: Network;
  queue: number[];
  json: boolean;
}

const COLUMNS: readonly Column<Checkup>[] = [
  { title: 'class', of: ({ name }) => name },
  { title: 'IoU', of: ({ iou }) => share(iou), right: true },
  { title: 'recall', of: ({ recall }) => share(recall), right: true },
  { title: 'images', of: ({ labelledImages }) => String(labelledImages ?? ''), right: true },
  { title: 'of labels', of: ({ labelledShare }) => share(labelledShare), right: true },
  { title: 'in crops', of: ({ cropShare }) => share(cropShare), right: true },
  { title: 'of pseudo-labels', of: ({ pseudoShare }) => share(pseudoShare), right: true },
  { title: 'confidence', of: ({ confidence }) => share(confidence), right: true },
];

async function clinic(which: string, options: Options, shell: Shell): Promise<void> {
  const { Api } = await import('../../api.js');
  const reference = runReference(which);
  const api = Api.of(options);
  const { run } = await api.send(ClinicDocument, { ...reference, network: options.network });
  if (!run) throw noSuchRun(which, api);
  if (run.clinic.length === 0) {
    const of = evaluationWords({ network: options.network, subset: 'VAL' });
    throw new UserError(`run ${run.number} has no evaluation of ${of} yet`);
  }
  const remedies = remediesOf(run.clinic);
  if (options.queue.length > 0) return queue(api, run, remedies, options, shell);
  if (options.json) shell.print(JSON.stringify({ run: run.number, network: options.network, classes: run.clinic }));
  else describe(run, remedies, options.network, shell);
}

/** Each remedy once. They are numbered in this order, from 1. */
function remediesOf(checkups: readonly Checkup[]): Remedy[] {
  const all = checkups.flatMap(({ diagnosis }) => diagnosis?.remedies ?? []);
  return [...new Map(all.map((remedy) => [JSON.stringify(remedy.settings), remedy])).values()];
}

function describe(run: Run, remedies: readonly Remedy[], network: Network, { print }: Shell): void {
  const { number, name, clinic: checkups } = run;
  print(`#${number} "${name}", in %`);
  for (const line of renderRows(COLUMNS, checkups)) print(line);
  const ill = checkups.flatMap(({ diagnosis }) => diagnosis ?? []);
  print('');
  for (const { summary } of ill) print(summary);
  if (ill.length === 0) print('Nothing is wrong with any class that was evaluated.');
  if (remedies.length === 0) return;
  print('');
  print('What may help');
  for (const [i, { words, settings }] of remedies.entries()) print(`  ${i + 1}  ${words}: ${JSON.stringify(settings)}`);
  print('');
  const option = network === 'BRANCH1' ? '' : ` --network ${network === 'BRANCH2' ? '2' : 'both'}`;
  print(`To queue a copy of the run with the first: crosscheck run clinic ${number}${option} --queue 1`);
}

/** Queues a copy of the run whose configuration has the chosen remedies. */
async function queue(api: Api, run: Run, remedies: readonly Remedy[], options: Options, shell: Shell): Promise<void> {
  const chosen = options.queue.map((place) => {
    const remedy = remedies[place - 1];
    if (remedy) return remedy;
    throw new UserError(
      `--queue ${place}: run ${run.number} has ${remedies.length} of them; crosscheck run clinic ${run.number} lists what may help`,
    );
  });
  const config = chosen.reduce(
    (changed, { settings }) => withChanges(changed, settings),
    completedConfig(run.config) as Record<string, unknown>,
  );
  const { createRun } = await api.send(QueueRunDocument, { input: { from: run.id, config } });
  shell.print(
    options.json
      ? JSON.stringify({ id: createRun.id, number: createRun.number, name: createRun.name })
      : `queued #${createRun.number} "${createRun.name}": ${api.url}/runs/${createRun.id}`,
  );
  if (!options.json) for (const { words } of chosen) shell.print(`  ${words}`);
  if (createRun.waitsFor !== null) shell.warn(`warning: no runner can claim it now: ${createRun.waitsFor}`);
}

export function clinicCommand(shell: Shell): Command {
  const command = new Command('clinic')
    .description('Says why classes are not predicted, and queues what may help.')
    .argument('<run>', 'its number, such as 12 or #12, or its id')
    .addOption(networkOption())
    .addOption(
      new Option(
        '--queue <remedy>',
        'queue a copy of the run with this remedy, by its number in the list; may be repeated',
      )
        .argParser((text: string, before: number[]) => [...before, positiveInt(text)])
        .default([], 'none'),
    )
    .addOption(jsonOption('print one JSON object; shares in [0, 1]; with --queue, the new run'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action((which: string, options: Options) => clinic(which, options, shell));
  return withNotes(command, {
    examples: [
      ['run clinic 12', 'labels, crops, predictions and diagnosis of every class'],
      ['run clinic 12 --queue 1', 'queue a copy of the run with the first remedy that it lists'],
      ["run clinic 12 --json | jq -r '.classes[].diagnosis.summary // empty'", 'for a script'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  });
}
