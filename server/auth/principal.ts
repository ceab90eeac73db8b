/** Who sends a request. `local` is anybody, on a server that does not require tokens. */
export type Principal =
  | { kind: 'anonymous' }
  | { kind: 'local' }
  | { kind: 'user'; label: string }
  | { kind: 'runner'; runnerId: string };

/** The id of the calling runner. access.ts has already checked that the caller is one. */
export function runnerOf(principal: Principal): string {
  if (principal.kind !== 'runner') throw new Error(`expected a runner, got ${principal.kind}`);
  return principal.runnerId;
}
