import { Command } from 'commander';
import { UserError } from '../../schema/exit-codes.js';
import { CreateStudyDocument, QueueRunDocument } from '../../schema/generated/cli/graphql.js';
import { withNotes } from '../help.js';
import { type ServerOptions, serverOption, tokenOption } from '../options.js';
import type { Shell } from '../shell.js';

/** Queues the runs of a recipe file. Returns a line that says where to watch them. */
async function queue(file: string, options: ServerOptions): Promise<string> {
  const [{ readRecipeFile }, { Api }] = await Promise.all([import('../../schema/recipe-file.js'), import('../api.js')]);
  const recipe = await readRecipeFile(file);
  if (!recipe.ok) throw new UserError(recipe.message);
  const api = Api.of(options);
  if (recipe.study) {
    const { createStudy } = await api.send(CreateStudyDocument, { input: recipe.study });
    return `queued ${recipe.runs.length} runs: ${api.url}/studies/${createStudy.id}`;
  }
  const { createRun } = await api.send(QueueRunDocument, { input: { config: recipe.runs[0]!.config } });
  return `queued #${createRun.number} "${createRun.name}": ${api.url}/runs/${createRun.id}`;
}

export function queueCommand({ print }: Shell): Command {
  const command = new Command('queue')
    .description('Queues the runs of a recipe file (YAML or JSON) on a server.')
    .argument('<recipe>', 'a study, or the configuration of one run; see docs/recipes')
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (recipe: string, options: ServerOptions) => print(await queue(recipe, options)));
  return withNotes(command, {
    examples: [
      ['queue docs/recipes/voc-resnet50.yaml', 'on the server at localhost'],
      ['queue study.yaml --server https://crosscheck.example.org', 'on another server'],
    ],
    exitCodes: {
      done: 'everything is queued',
      failed: 'something unexpected went wrong; nothing is queued',
      refused: 'the recipe is not valid, or the server refused it; nothing is queued',
      unreachable: 'the server cannot be reached',
    },
  });
}
