import { Command } from 'commander';
import { LabelNextDocument, type LabelNextQuery } from '../../../schema/generated/cli/graphql.js';
import { jsonOption, withNotes } from '../../help.js';
import { positiveInt, type ServerOptions, serverOption, tokenOption } from '../../options.js';
import { type Column, renderRows, share } from '../../output/columns.js';
import type { Shell } from '../../shell.js';
import { READ_EXIT_CODES } from './exit-codes.js';
import { NOTHING_LISTED, requireCompleted, withAddresses } from './reviewed.js';
import { noSuchRun, runReference } from './run-reference.js';

type Image = NonNullable<LabelNextQuery['run']>['labelNext'][number];

interface Options extends ServerOptions {
  class?: string;
  first: number;
  json: boolean;
}

async function labelNext(which: string, options: Options, { print }: Shell): Promise<void> {
  const { Api } = await import('../../api.js');
  const api = Api.of(options);
  const { first, class: forClass = null } = options;
  const { run } = await api.send(LabelNextDocument, { ...runReference(which), first, forClass });
  if (!run) throw noSuchRun(which, api);
  requireCompleted(run);
  const images = run.labelNext.map((image) => withAddresses(api.url, image));
  if (options.json) {
    print(JSON.stringify({ run: run.number, class: forClass, images }));
    return;
  }
  print(`#${run.number} "${run.name}": label next${forClass === null ? '' : ` for ${forClass}`}, in %`);
  if (images.length === 0) print(`This run reviewed no unlabelled images: ${NOTHING_LISTED}.`);
  else for (const line of renderRows(columnsFor(forClass), images)) print(line);
}

function columnsFor(forClass: string | null): Column<Image>[] {
  const classOf = ({ classes }: Image) => classes.find(({ name }) => name === forClass);
  return [
    { title: 'image', of: ({ imageId }) => imageId },
    // A share of the pixels only if it is for a class.
    { title: 'score', of: ({ score }) => (forClass === null ? score.toFixed(3) : share(score)), right: true },
    ...(forClass === null
      ? []
      : [
          { title: 'predicted', of: (image: Image) => share(classOf(image)?.predictedShare), right: true },
          { title: 'expected', of: (image: Image) => share(classOf(image)?.expectedShare), right: true },
        ]),
    { title: 'disagreement', of: ({ disagreement }) => share(disagreement), right: true },
    { title: 'entropy', of: ({ entropy }) => share(entropy), right: true },
    { title: 'confidence', of: ({ confidence }) => share(confidence), right: true },
    { title: 'similar to', of: ({ similarTo }) => similarTo ?? '' },
  ];
}

export function labelNextCommand(shell: Shell): Command {
  const command = new Command('label-next')
    .description('Lists the unlabelled images that are most worth labelling.')
    .argument('<run>', 'its number, such as 12 or #12, or its id')
    .option('--class <name>', 'a class of which more labels are wanted; by default all, rare ones first')
    .option('--first <count>', 'how many, at most 100', positiveInt, 20)
    .addOption(
      jsonOption(
        'print one JSON object with every class of each image and the addresses of pictures; shares in [0, 1]',
      ),
    )
    .addOption(serverOption())
    .addOption(tokenOption())
    .action((which: string, options: Options) => labelNext(which, options, shell));
  return withNotes(command, {
    examples: [
      ['run label-next 12', 'what the networks of run 12 know least about'],
      ['run label-next 12 --class bicyclist', 'where they expect bicyclists'],
      ["run label-next 12 --json | jq -r '.images[].imageId'", 'for a script'],
    ],
    exitCodes: READ_EXIT_CODES,
  });
}
