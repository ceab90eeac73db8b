import { Command } from 'commander';
import { SuspiciousLabelsDocument, type SuspiciousLabelsQuery } from '../../../schema/generated/cli/graphql.js';
import { jsonOption, withNotes } from '../../help.js';
import { positiveInt, type ServerOptions, serverOption, tokenOption } from '../../options.js';
import { type Column, renderRows, share } from '../../output/columns.js';
import type { Shell } from '../../shell.js';
import { READ_EXIT_CODES } from './exit-codes.js';
import { NOTHING_LISTED, requireCompleted, withAddresses } from './reviewed.js';
import { noSuchRun, runReference } from './run-reference.js';

type Label = NonNullable<SuspiciousLabelsQuery['run']>['suspiciousLabels'][number];
type Row = Label['doubts'][number] & { imageId: string };

interface Options extends ServerOptions {
  first: number;
  json: boolean;
}

/** How many doubts of an image are printed. */
const DOUBTS_SHOWN = 3;

const COLUMNS: readonly Column<Row>[] = [
  { title: 'image', of: ({ imageId }) => imageId },
  { title: 'label', of: ({ label }) => label },
  { title: 'taken for', of: ({ takenFor }) => takenFor },
  { title: 'pixels', of: ({ pixels }) => pixels.toLocaleString('en'), right: true },
  { title: 'x', of: ({ left, right }) => `${left}–${right - 1}`, right: true },
  { title: 'y', of: ({ top, bottom }) => `${top}–${bottom - 1}`, right: true },
  { title: 'label %', of: ({ labelProbability }) => share(labelProbability), right: true },
  { title: 'other %', of: ({ otherProbability }) => share(otherProbability), right: true },
];

async function suspicious(which: string, options: Options, { print }: Shell): Promise<void> {
  const { Api } = await import('../../api.js');
  const api = Api.of(options);
  const { run } = await api.send(SuspiciousLabelsDocument, { ...runReference(which), first: options.first });
  if (!run) throw noSuchRun(which, api);
  requireCompleted(run);
  const labels = run.suspiciousLabels.map((label) => withAddresses(api.url, label));
  if (options.json) {
    print(JSON.stringify({ run: run.number, labels }));
    return;
  }
  print(`#${run.number} "${run.name}": labels that may be wrong; positions in pixels, as the networks saw the image`);
  if (labels.length === 0) print(`No doubtful labels were found, or none were reviewed: ${NOTHING_LISTED}.`);
  const rows = labels.flatMap(({ imageId, doubts }) =>
    doubts.slice(0, DOUBTS_SHOWN).map((doubt) => ({ ...doubt, imageId })),
  );
  if (rows.length > 0) for (const line of renderRows(COLUMNS, rows)) print(line);
}

export function suspiciousCommand(shell: Shell): Command {
  const command = new Command('suspicious')
    .description('Lists the labelled images whose labels may be wrong, and where.')
    .argument('<run>', 'its number, such as 12 or #12, or its id')
    .option('--first <count>', 'how many images, at most 100', positiveInt, 20)
    .addOption(jsonOption('print one JSON object with all doubts and the addresses of pictures; shares in [0, 1]'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action((which: string, options: Options) => suspicious(which, options, shell));
  return withNotes(command, {
    examples: [
      ['run suspicious 12', 'the three most suspicious places of each of 20 images'],
      ["run suspicious 12 --json | jq -r '.labels[].imageId'", 'for a script'],
    ],
    exitCodes: READ_EXIT_CODES,
  });
}
