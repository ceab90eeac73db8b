import { readFileSync, readlinkSync } from 'node:fs';

/** Which process this is, as far as the system tells: null where there is no /proc. */
export interface ProcessIdentity {
  pid: number;
  /** In clock ticks after the boot. A pid is used again, but not with the same start. */
  startTime: string | null;
  /** Changes with each boot of the machine. */
  bootId: string | null;
  /** Containers count their pids from 1, so a pid means something only in its own namespace. */
  pidNamespace: string | null;
}

export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    startTime: startTimeOf(process.pid),
    bootId: bootId(),
    pidNamespace: unlessAbsent(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Identifies this boot of this machine; null where the system does not tell. */
export function bootId(): string | null {
  return unlessAbsent(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
}

/** Whether a process exists; null if that cannot be known from here. */
export function isRunning(other: ProcessIdentity): boolean | null {
  const { bootId, pidNamespace } = thisProcess();
  const comparable = bootId !== null && pidNamespace !== null && other.startTime !== null;
  if (!comparable || other.bootId !== bootId || other.pidNamespace !== pidNamespace) return null;
  return startTimeOf(other.pid) === other.startTime;
}

/** Null if there is no such process, or if it has ended and its parent has not noticed. */
function startTimeOf(pid: number): string | null {
  const stat = unlessAbsent(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name of the program comes first, in parentheses, and may contain anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!fields || ['Z', 'X'].includes(fields[0]!)) return null;
  return fields[19] ?? null;
}

function unlessAbsent(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    // ESRCH: the process ended while its file was open.
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
