import type { Call } from './calls.js';
import { hasData } from './transports/answer.js';

interface Row {
  calls: number;
  withData: number;
  places: Set<string>;
  slowestMs: number;
}

/** Counts calls by operation. */
export class Tally {
  private readonly rows = new Map<string, Row>();

  add({ tried, answer }: Call): void {
    const row = this.row(tried.operation.name);
    row.calls++;
    if (hasData(answer)) row.withData++;
    if (tried.slot) row.places.add(tried.slot.name);
    row.slowestMs = Math.max(row.slowestMs, answer.milliseconds);
  }

  /** Calls that are not of an operation of the schema. */
  addOther(name: string, milliseconds: number): void {
    const row = this.row(name);
    row.calls++;
    row.slowestMs = Math.max(row.slowestMs, milliseconds);
  }

  get calls(): number {
    return [...this.rows.values()].reduce((sum, { calls }) => sum + calls, 0);
  }

  get perOperation(): Record<string, number> {
    return Object.fromEntries([...this.rows].map(([name, { calls }]) => [name, calls]));
  }

  /** A table for people. */
  get lines(): string[] {
    const rows = [...this.rows].map(([name, { calls, withData, places, slowestMs }]) =>
      [name, calls, withData, places.size, Math.round(slowestMs)].map(String),
    );
    const table = [['operation', 'calls', 'with data', 'places', 'slowest ms'], ...rows];
    const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
    return table.map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    );
  }

  private row(name: string): Row {
    const row = this.rows.get(name) ?? { calls: 0, withData: 0, places: new Set<string>(), slowestMs: 0 };
    this.rows.set(name, row);
    return row;
  }
}
