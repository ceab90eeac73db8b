import type { TestServer } from '../test-server.js';
import type { Dump, DumpRow } from './dump.js';

/** A row of a study's table: the numbers of the runs that it averages, and their mean scores. */
export interface TableRow {
  runs: number[];
  n: number;
  meanIou: { mean: number; std: number | null };
  classIous: (number | null)[];
}

/** For the name of each study, the rows of its table, sorted by their runs. */
export type Tables = Record<string, TableRow[]>;

/** The tables, computed from the dump: runs that differ only in their seed, and BRANCH1's newest evaluation on TEST. */
export function tablesOf(dump: Dump): Tables {
  const tables = dump.rows('studies').map(({ id, name }) => {
    const groups = new Map<string, DumpRow[]>();
    for (const run of dump.rows('runs').filter(({ study_id }) => study_id === id)) {
      const { seed: _, ...settings } = run.config;
      const key = JSON.stringify([run.split_hash, settings]);
      groups.set(key, [...(groups.get(key) ?? []), run]);
    }
    return [name, byRuns([...groups.values()].map((runs) => rowOf(dump, runs)))];
  });
  return Object.fromEntries(tables);
}

/** The tables that the API returns. */
export async function readTables(server: TestServer): Promise<Tables> {
  const { studies } = await server.ask('{ studies(first: 100) { edges { node { id } } } }');
  // One operation for all tables would cost too much.
  const ask = ({ node: { id } }: DumpRow) =>
    server.ask(
      `query ($id: ID!) { study(id: $id) { name table(subset: TEST) { rows {
        n runs { number } meanIou { mean std } classIous { mean } } } } }`,
      { id },
    );
  const answers: { study: DumpRow }[] = await Promise.all(studies.edges.map(ask));
  const tables = answers.map(({ study: { name, table } }) => {
    const rows = table.rows.map(({ n, runs, meanIou, classIous }: DumpRow) => ({
      runs: runs.map(({ number }: DumpRow) => number).sort((a: number, b: number) => a - b),
      n,
      meanIou,
      classIous: classIous.map((statistic: DumpRow | null) => statistic?.mean ?? null),
    }));
    return [name, byRuns(rows)];
  });
  return Object.fromEntries(tables);
}

function rowOf(dump: Dump, runs: readonly DumpRow[]): TableRow {
  const evaluations = runs.map((run) => {
    const found = dump
      .rows('evaluations')
      .filter(({ run_id, network, subset }) => run_id === run.id && network === 'BRANCH1' && subset === 'TEST');
    return found.sort((a, b) => b.step - a.step)[0]!;
  });
  const classes: number = evaluations[0]!.confusion.length ** 0.5;
  const iousOf = (index: number) =>
    evaluations.flatMap(({ id }) => {
      const found = dump
        .rows('class_ious')
        .find(({ evaluation_id, class_index }) => evaluation_id === id && class_index === index)!;
      return found.iou === null ? [] : [found.iou as number];
    });
  const scores = evaluations.map(({ mean_iou }) => mean_iou as number);
  return {
    runs: runs.map(({ number }) => number).sort((a, b) => a - b),
    n: runs.length,
    meanIou: { mean: mean(scores)!, std: deviation(scores) },
    classIous: Array.from({ length: classes }, (_, index) => mean(iousOf(index))),
  };
}

function byRuns(rows: TableRow[]): TableRow[] {
  return rows.sort((a, b) => a.runs[0]! - b.runs[0]!);
}

function mean(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const centre = mean(values)!;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
