import type { AlarmKind } from '../../schema/generated/web/graphql.js';

/** Titles of the kinds of alarms, in the order in which they are listed. */
const ALARM_TITLES: Record<AlarmKind, string> = {
  DROP: 'mIoU has fallen from its peak',
  DIVERGING_AGREEMENT: 'The networks agree more but are less accurate',
  TAKEOVER: 'One class takes over',
  NEVER_PREDICTED: 'Classes that are never predicted',
  STALLED: 'Training hung',
  DATA: 'Something looks wrong with the data',
};

export interface AlarmGroup<Alarm> {
  kind: AlarmKind;
  title: string;
  /** The newest first. */
  alarms: Alarm[];
}

/** Groups alarms by kind; kinds without alarms are left out. */
export function alarmGroups<Alarm extends { kind: AlarmKind; step: number }>(alarms: Alarm[]): AlarmGroup<Alarm>[] {
  const kinds = Object.keys(ALARM_TITLES) as AlarmKind[];
  return kinds.flatMap((kind) => {
    const members = alarms.filter((alarm) => alarm.kind === kind).sort((a, b) => b.step - a.step);
    return members.length > 0 ? [{ kind, title: ALARM_TITLES[kind], alarms: members }] : [];
  });
}

/** The alarm of the latest step, and of several at that step the last one; undefined when there are no alarms. */
export function newestAlarm<Alarm extends { step: number }>(alarms: Alarm[]): Alarm | undefined {
  return alarms.toSorted((a, b) => a.step - b.step).at(-1);
}

/** Whether what raised the alarm is still the case or, if its run has ended, was at the end. */
export function isActive({ overStep }: { overStep: number | null }): boolean {
  return overStep === null;
}

/** How many alarms there are, and how many of them are active if not all are. */
export function alarmCount(alarms: readonly { overStep: number | null }[]): string {
  const words = alarms.length === 1 ? '1 alarm' : `${alarms.length} alarms`;
  const active = alarms.filter(isActive).length;
  if (active === alarms.length) return words;
  return active === 0 ? `${words}, over` : `${words}, ${active} active`;
}

/** A short summary of all alarms, for a mark with little space. */
export function alarmSummary(alarms: { kind: AlarmKind; step: number; overStep: number | null }[]): string {
  return alarmGroups(alarms)
    .map(({ title, alarms: members }) => {
      const isOver = !members.some(isActive);
      const details = [...(members.length > 1 ? [members.length] : []), ...(isOver ? ['over'] : [])];
      return details.length > 0 ? `${title} (${details.join(', ')})` : title;
    })
    .join('; ');
}
