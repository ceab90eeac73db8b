/** Problems of a matrix, as those of the argument. */
export const inMatrix = <T extends { field: string }>(problems: readonly T[]): T[] =>
  problems.map((problem) => ({ ...problem, field: ['matrix', problem.field].filter(Boolean).join('.') }));
