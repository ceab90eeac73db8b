/** What is wrong with a disk, by Node's error codes. None of it is the fault of a run. */
const FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'is full',
  EDQUOT: 'has no quota left',
  EROFS: 'is read-only',
  EIO: 'has an input/output error',
};

/**
 * What is wrong with the runner's disk if that is why an operation failed; otherwise null. Paths are left out, because
 * others than the machine's owner read it.
 */
export function diskFault(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    const fault = code === undefined ? undefined : FAULTS[code];
    if (fault) return `the disk of the runner ${fault} (${code}${syscall ? ` in ${syscall}` : ''})`;
  }
  return null;
}
