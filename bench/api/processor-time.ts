import { readdirSync, readFileSync } from 'node:fs';
import type { BenchDatabase } from './database.js';

/** The unit of /proc, on every Linux. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time, by user and system. */
export interface ProcessorTime {
  server: number;
  postgres: number;
  /** This process, which sends the requests. */
  bench: number;
}

/** What the processes have used so far. Needs Linux. */
export async function processorTime(serverPid: number, database: BenchDatabase): Promise<ProcessorTime> {
  const [row] = await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const postmaster = Number(statOf(row!.pid)![PARENT]);
  const backends = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => Number(stat?.[PARENT]) === postmaster);
  const { user, system } = process.cpuUsage();
  return {
    server: used(statOf(serverPid)!),
    postgres: used(statOf(postmaster)!, true) + backends.reduce((sum, stat) => sum + used(stat!), 0),
    bench: (user + system) / 1e6,
  };
}

/** The same between two moments, divided by `parts`, in milliseconds. */
export function millisecondsEach(before: ProcessorTime, after: ProcessorTime, parts: number): ProcessorTime {
  const each = (process: keyof ProcessorTime) => +(((after[process] - before[process]) * 1000) / parts).toFixed(2);
  return { server: each('server'), postgres: each('postgres'), bench: each('bench') };
}

/** The places of fields in `statOf`. */
const [PARENT, USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM] = [1, 11, 12, 13, 14];

function used(stat: readonly string[], withEndedChildren = false): number {
  const fields = withEndedChildren ? [USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM] : [USER, SYSTEM];
  return fields.reduce((sum, field) => sum + Number(stat[field]), 0) / TICKS_PER_SECOND;
}

/** The fields of /proc/PID/stat after the name, which may contain spaces; null if the process has ended. */
function statOf(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code!)) return null;
    throw error;
  }
}
