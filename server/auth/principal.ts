/** Who asks. `local` is anybody on a server that needs no token. */
export type Principal =
  | { kind: 'anonymous' }
  | { kind: 'local' }
  | { kind: 'user'; label: string }
  | { kind: 'runner'; runnerId: string };

/** The runner that asks; access.ts has made sure that it is one. */
export function runnerOf(principal: Principal): string {
  if (principal.kind !== 'runner') throw new Error(`expected a runner, got ${principal.kind}`);
  return principal.runnerId;
}
