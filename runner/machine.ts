import type { Machine } from './agent/commands.js';
import { compiledFile } from './compiled/compiled-file.js';

/** This machine as the agent's commands see it. */
export function thisMachine(version: string, print: (line: string) => void): Machine {
  return {
    version,
    trainScript: compiledFile('./train-process.js', import.meta.url),
    // Loaded only for registration: an agent, which runs for days, never loads a tensor library.
    startEngine: async (requested, options) => {
      const { startEngine } = await import('./engines/engine.js');
      return startEngine(requested, options);
    },
    print,
  };
}
