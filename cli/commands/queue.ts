import { Command } from 'commander';
import { UserError } from '../../schema/exit-codes.js';
import { CreateStudyDocument, PlanStudyDocument, QueueRunDocument } from '../../schema/generated/cli/graphql.js';
import { withNotes } from '../help.js';
import { type ServerOptions, serverOption, tokenOption } from '../options.js';
import type { Shell } from '../shell.js';

interface Options extends ServerOptions {
  dryRun: boolean;
}

/** Queues the runs of a recipe file, prints where to watch them, and warns of those that no runner can claim. */
async function queue(file: string, { dryRun, ...options }: Options, { print, warn }: Shell): Promise<void> {
  const [{ readRecipeFile }, { Api }] = await Promise.all([import('../../schema/recipe-file.js'), import('../api.js')]);
  const recipe = await readRecipeFile(file);
  if (!recipe.ok) throw new UserError(recipe.message);
  const api = Api.of(options);
  if (!recipe.study) {
    if (dryRun) throw new UserError('--dry-run is for studies; this recipe is the configuration of one run');
    const { createRun } = await api.send(QueueRunDocument, { input: { config: recipe.runs[0]!.config } });
    print(`queued #${createRun.number} "${createRun.name}": ${api.url}/runs/${createRun.id}`);
    if (createRun.waitsFor !== null) warn(`warning: no runner can claim it now: ${createRun.waitsFor}`);
    return;
  }
  const { planStudy } = await api.send(PlanStudyDocument, { input: recipe.study });
  if (dryRun) {
    for (const name of planStudy.names) print(name);
    print(`${planStudy.runs} runs would be queued`);
  } else {
    const { createStudy } = await api.send(CreateStudyDocument, { input: recipe.study });
    print(`queued ${recipe.runs.length} runs: ${api.url}/studies/${createStudy.id}`);
  }
  for (const { runs, reason } of planStudy.waiting) {
    warn(`warning: no runner can claim ${runs} of ${planStudy.runs} runs now: ${reason.message}`);
  }
}

export function queueCommand(shell: Shell): Command {
  const command = new Command('queue')
    .description('Queues the runs of a recipe file (YAML or JSON) on a server.')
    .argument('<recipe>', 'a study, or the configuration of one run; see docs/recipes')
    .option('--dry-run', 'for a study: only print what would be queued, and which runs no runner could claim', false)
    .addOption(serverOption())
    .addOption(tokenOption())
    .action((recipe: string, options: Options) => queue(recipe, options, shell));
  return withNotes(command, {
    examples: [
      ['queue docs/recipes/voc-resnet50.yaml', 'on the server at localhost'],
      ['queue study.yaml --dry-run', 'what would be queued, and what would wait'],
      ['queue study.yaml --server https://crosscheck.example.org', 'on another server'],
    ],
    exitCodes: {
      done: 'everything is queued; with --dry-run: everything could be queued',
      failed: 'something unexpected went wrong; nothing is queued',
      refused: 'the recipe is not valid, or the server refused it; nothing is queued',
      unreachable: 'the server cannot be reached',
    },
  });
}
