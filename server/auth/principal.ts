/** Who asks. `local` is anybody on a server that needs no token. */
export type Principal =
  | { kind: 'anonymous' }
  | { kind: 'local' }
  | { kind: 'user'; label: string }
  | { kind: 'runner'; runnerId: string };
