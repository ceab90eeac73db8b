import type { Machine } from './agent/commands.js';
import { compiledFile } from './compiled/compiled-file.js';

/** This machine, as the agent's commands need it. */
export function thisMachine(version: string, commit: string | null, print: (line: string) => void): Machine {
  return {
    version,
    commit,
    trainScript: compiledFile('./train-process.js', import.meta.url),
    // Loaded only for registration. The agent runs for days and must never load a tensor library.
    startEngine: async (requested, options) => {
      const { startEngine } = await import('./engines/engine.js');
      return startEngine(requested, options);
    },
    print,
  };
}
