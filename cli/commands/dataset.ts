import { Command, Option } from 'commander';
import { defaultHome } from '../../runner/agent/home.js';
import type { DatasetOptions } from '../dataset/show-dataset.js';
import { jsonOption, withNotes } from '../help.js';
import type { Shell } from '../shell.js';

export function datasetCommand(shell: Shell): Command {
  const command = new Command('dataset')
    .description(
      'Says what a dataset holds: images, classes, duplicates, damaged files, and what each labelled split would have.',
    )
    .argument('<dir>', 'the folder: DIR, NAME=DIR or KIND:NAME=DIR, as for a runner')
    .addOption(jsonOption('print one JSON object instead of text'))
    .option('--html <file>', 'also write a page with pictures of every class and of everything that looks wrong')
    .option('--convert <out>', 'also write the dataset in the folder format, into a new or empty folder')
    .addOption(
      new Option('--home <dir>', 'the folder of a runner, which remembers checked datasets').default(defaultHome()),
    )
    .action(async (dir: string, options: DatasetOptions) => {
      const { showDataset } = await import('../dataset/show-dataset.js');
      shell.end(await showDataset(dir, options, shell));
    });
  return withNotes(command, {
    examples: [
      ['dataset /data/VOCdevkit', 'before any training'],
      ['dataset /data/camvid --html camvid.html', 'with pictures'],
      ['dataset /data/camvid --json | jq .splits', 'for a script'],
      ['dataset /data/VOCdevkit --convert /data/voc-folder', 'the same data in the folder format'],
    ],
    exitCodes: {
      done: 'the dataset can be used, perhaps with warnings',
      failed: 'something unexpected went wrong',
      refused: 'the dataset cannot be used (it is then not converted), or an argument is not valid',
    },
  });
}
