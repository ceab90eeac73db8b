import { compiledFile } from './compiled/compiled-file.js';
import { startEngine } from './engines/engine.js';
import type { RunEngine } from './training/branches/branches.js';

/** Starts the engine for a run; see `startEngine`. */
export async function startRunEngine(...choice: Parameters<typeof startEngine>): Promise<RunEngine> {
  return { ...(await startEngine(...choice)), branchThread: branchThread() };
}

/** The compiled file of the thread that trains one network of a run. */
export function branchThread(): string {
  return compiledFile('./branch-worker.js', import.meta.url);
}
