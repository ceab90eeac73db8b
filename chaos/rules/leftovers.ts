import { readdirSync } from 'node:fs';
import { startedWith } from '../fleet/process-tree.js';
import { MARK, type World } from '../world/world.js';

/** What is left after all programs have stopped. One line for each file and process. */
export function leftoverViolations({ folder, agents, temporary }: World): string[] {
  return [
    ...agents.flatMap(({ name, attemptFolders }) =>
      attemptFolders.map((path) => `no file is left over: the home of ${name} still has ${path}`),
    ),
    ...readdirSync(temporary).map((name) => `no file is left over: the folder for temporary files has ${name}`),
    ...startedWith(MARK, folder).map((process) => `no process is left over: ${process}`),
  ];
}
