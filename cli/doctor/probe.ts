import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compiledFile } from '../../runner/compiled/compiled-file.js';
import type { Probes } from './probe-process.js';

const TIMEOUT_MS = 60_000;

/**
 * Asks in a process of its own, because what loads native code (a GPU's driver, say) may end the process that loads it.
 * @throws Error of one line with what the process said when it failed
 */
export async function probe<Name extends keyof Probes>(name: Name): Promise<Awaited<ReturnType<Probes[Name]>>> {
  const script = compiledFile('./probe-process.js', import.meta.url);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, name], { timeout: TIMEOUT_MS });
    // Libraries print what they like before it.
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  } catch (error) {
    const { stderr, signal, message, killed } = error as {
      stderr?: string;
      signal?: string;
      message: string;
      killed?: boolean;
    };
    if (killed) throw new Error(`no answer within ${TIMEOUT_MS / 1000} s`);
    if (signal) throw new Error(`it crashed (${signal})`);
    throw new Error(stderr?.trim().split('\n').at(-1) || message.split('\n')[0]);
  }
}
