import type { Machine } from '../../runner/agent/commands.js';
import { compiledFile } from '../../runner/compiled/compiled-file.js';

/** A machine without a tensor library, whose training processes follow the script. */
export function scriptedMachine(print: (line: string) => void): Machine {
  return {
    commit: null,
    version: '0.0.0',
    trainScript: compiledFile('../script/train-process.js', import.meta.url),
    // Only webgpu can have several slots.
    startEngine: async () => ({ name: 'webgpu', device: 'none', reason: 'none' }),
    print,
  };
}
