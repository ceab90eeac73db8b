import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How many processes the kernel has killed because memory ran out: in this process's control group or, without one, on
 * the whole machine. Null where the kernel does not say.
 */
export function outOfMemoryKills(): number | null {
  const group = /^0::(.*)$/m.exec(read('/proc/self/cgroup') ?? '')?.[1];
  const events = group === undefined ? null : read(join('/sys/fs/cgroup', group, 'memory.events'));
  const found = /^oom_kill (\d+)$/m.exec(events ?? read('/proc/vmstat') ?? '');
  return found ? Number(found[1]) : null;
}

/** What is known about a process that was killed by a SIGKILL that did not come from the agent. */
export function whyKilled(before: number | null): string {
  const now = outOfMemoryKills();
  return before !== null && now !== null && now > before
    ? 'the kernel killed it or another process because memory ran out; use a smaller batch or crop, or a machine with more memory'
    : 'memory may have run out; check the kernel log (dmesg)';
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Only Linux has these files, and an older kernel or a container may hide them.
    return null;
  }
}
