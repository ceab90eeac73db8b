import { Command } from 'commander';
import { DemoCreateStudyDocument, QueueRunDocument } from '../schema/generated/demo/graphql.js';
import { readRecipeFile } from '../schema/recipe-file.js';
import { Api } from './api.js';

/** Queues what a recipe file holds and says where it can be watched. */
async function queue(file: string, options: { server: string; token?: string }): Promise<string> {
  const recipe = await readRecipeFile(file);
  if (!recipe.ok) throw new Error(recipe.message);
  const api = new Api(options.server.replace(/\/+$/, ''), options.token);
  if (recipe.study) {
    const { createStudy } = await api.send(DemoCreateStudyDocument, { input: recipe.study });
    return `queued ${recipe.runs.length} runs: ${api.serverUrl}/studies/${createStudy.id}`;
  }
  const { createRun } = await api.send(QueueRunDocument, { input: { config: recipe.runs[0]!.config } });
  return `queued "${createRun.name}": ${api.serverUrl}/runs/${createRun.id}`;
}

const command = new Command('queue')
  .description('Queues the runs of a recipe file (YAML or JSON) on a server.')
  .argument('<recipe>', 'a study, or the configuration of one run; see docs/recipes')
  .option('--server <url>', "the server's address", 'http://localhost:4000')
  .option('--token <token>', 'a user token, where the server asks for one', process.env.CROSSCHECK_USER_TOKEN)
  .parse();

try {
  console.log(await queue(command.args[0]!, command.opts()));
} catch (error) {
  console.error(`queue: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
