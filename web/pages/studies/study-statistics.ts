import type { StudyQuery } from '../../../schema/generated/web/graphql.js';

export type StudyTable = NonNullable<StudyQuery['study']>['table'];
export type StudyRow = StudyTable['rows'][number];
export type Statistic = NonNullable<StudyRow['meanIou']>;

/** Comparable rows: the dataset, backbone, images and settings are the same; only the method differs. */
export interface StudyGroup {
  key: string;
  dataset: string;
  splitLabel: string;
  backbone: string;
  splitHash: string | null;
  unlabelledList: string | null;
  settingsLabel: string;
  rows: StudyRow[];
}

/** Groups comparable rows and keeps their order, except that runs that have not drawn their split yet come last. */
export function comparableGroups(rows: StudyRow[]): StudyGroup[] {
  const groups = new Map<string, StudyGroup>();
  for (const row of rows) {
    const { dataset, splitLabel, backbone, splitHash, unlabelledList, settingsLabel } = row;
    const alike = { dataset, splitLabel, backbone, splitHash, unlabelledList, settingsLabel };
    const key = JSON.stringify(alike);
    const group = groups.get(key) ?? { key, ...alike, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  const drawn = ({ splitHash }: StudyGroup) => splitHash !== null;
  return [...groups.values()].sort((a, b) => Number(drawn(b)) - Number(drawn(a)));
}

/**
 * The row's mIoU minus that of the supervised row in its group, without a variant. Null for that row itself, when either value
 * is missing, and until both rows have a completed run.
 */
export function gainOverSupervised(row: StudyRow, group: StudyGroup): number | null {
  if (isBaseline(row) || !row.completed) return null;
  const twin = group.rows.find((each) => isBaseline(each) && each.completed);
  return row.meanIou && twin?.meanIou ? row.meanIou.mean - twin.meanIou.mean : null;
}

const isBaseline = ({ method, variant }: StudyRow): boolean => method === 'supervised' && variant === null;

/**
 * Whether the row has the highest mean of a score among the group's rows with completed runs. False when the score is
 * zero or missing, or when no other row has one.
 */
export function isBest(row: StudyRow, group: StudyGroup, score: (row: StudyRow) => Statistic | null): boolean {
  const known = group.rows.flatMap((each) => (each.completed ? (score(each)?.mean ?? []) : []));
  const mean = row.completed ? score(row)?.mean : undefined;
  return mean !== undefined && mean > 0 && known.length > 1 && mean === Math.max(...known);
}
