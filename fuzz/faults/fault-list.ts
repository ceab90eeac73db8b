import type { Fault, FaultKind } from './faults.js';
import type { LoggedError } from './server-log.js';

/** How to see a fault again. Long texts are shortened. */
export interface Reproduction {
  operation: string;
  caller: string;
  transport: string;
  /** What was wrong with the input. */
  input: string;
  document: string;
  variables: string;
  answer: string;
}

interface Group extends Fault {
  operations: Map<string, number>;
  count: number;
  example: Reproduction | null;
  cause: string | null;
}

/** Groups to show of each kind. Where there are more, some have the same cause. */
const SHOWN_PER_KIND = 40;

/** The faults that were found, alike ones together, with one reproduction of each group. */
export class FaultList {
  private readonly groups = new Map<string, Group>();

  /** @param cause the error in the server's log, if it has one for this answer */
  add({ kind, what }: Fault, example: Reproduction | null, cause: LoggedError | null = null): void {
    const line = cause ? cause.line : what;
    const key = `${kind} ${line}`;
    const group = this.groups.get(key) ?? { kind, what: line, operations: new Map(), count: 0, example, cause: null };
    group.cause ??= cause?.place ?? null;
    group.count++;
    if (example) group.operations.set(example.operation, (group.operations.get(example.operation) ?? 0) + 1);
    this.groups.set(key, group);
  }

  /** How many faults there are of each kind. */
  get counts(): Partial<Record<FaultKind, number>> {
    const counts: Partial<Record<FaultKind, number>> = {};
    for (const { kind, count } of this.groups.values()) counts[kind] = (counts[kind] ?? 0) + count;
    return counts;
  }

  get total(): number {
    return [...this.groups.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** For people: the groups by kind, the most frequent first. */
  get lines(): string[] {
    const kinds = new Map<FaultKind, Group[]>();
    for (const group of this.groups.values()) kinds.set(group.kind, [...(kinds.get(group.kind) ?? []), group]);
    return [...kinds].flatMap(([kind, groups]) => {
      const sorted = groups.sort((a, b) => b.count - a.count);
      const rest = sorted.length - SHOWN_PER_KIND;
      const more = rest > 0 ? ['', `${kind}: ${rest} more groups`] : [];
      return [...sorted.slice(0, SHOWN_PER_KIND).flatMap(describe), ...more];
    });
  }
}

function describe({ kind, what, count, operations, example, cause }: Group): string[] {
  const where = [...operations].sort((a, b) => b[1] - a[1]).map(([name, times]) => `${name} (${times})`);
  const lines = ['', `${kind}, ${count} times: ${what}`];
  if (cause) lines.push(`  at         ${cause}`);
  if (where.length > 0) lines.push(`  in         ${where.join(', ')}`);
  if (!example) return lines;
  return [
    ...lines,
    `  example    ${example.operation} by ${example.caller} over ${example.transport}, ${example.input}`,
    `  document   ${example.document}`,
    `  variables  ${example.variables}`,
    `  answer     ${example.answer}`,
  ];
}
