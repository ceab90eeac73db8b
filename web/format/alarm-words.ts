import type { AlarmKind } from '../../schema/generated/web/graphql.js';
import { t } from '../messages/t.js';

/** The order in which kinds of alarms are listed. */
const KINDS: Record<AlarmKind, number> = {
  DROP: 0,
  DIVERGING_AGREEMENT: 1,
  TAKEOVER: 2,
  NEVER_PREDICTED: 3,
  STALLED: 4,
  DATA: 5,
};

export interface AlarmGroup<Alarm> {
  kind: AlarmKind;
  title: string;
  /** The newest first. */
  alarms: Alarm[];
}

/** Groups alarms by kind; kinds without alarms are left out. */
export function alarmGroups<Alarm extends { kind: AlarmKind; step: number }>(alarms: Alarm[]): AlarmGroup<Alarm>[] {
  const kinds = Object.keys(KINDS) as AlarmKind[];
  return kinds.flatMap((kind) => {
    const members = alarms.filter((alarm) => alarm.kind === kind).sort((a, b) => b.step - a.step);
    return members.length > 0 ? [{ kind, title: t(`alarms.${kind}`), alarms: members }] : [];
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
  const count = alarms.length;
  const active = alarms.filter(isActive).length;
  if (active === count) return t('alarms.count', { count });
  return active === 0 ? t('alarms.countOver', { count }) : t('alarms.countActive', { count, active });
}

/** A short summary of all alarms, for a mark with little space. */
export function alarmSummary(alarms: { kind: AlarmKind; step: number; overStep: number | null }[]): string {
  return alarmGroups(alarms)
    .map(({ title, alarms: members }) => {
      const isOver = !members.some(isActive);
      const details = [...(members.length > 1 ? [members.length] : []), ...(isOver ? [t('alarms.over')] : [])];
      return details.length > 0 ? t('alarms.group', { title, details: details.join(', ') }) : title;
    })
    .join('; ');
}
