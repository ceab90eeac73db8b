import type { RunRowFragment } from '../../schema/generated/web/graphql.js';
import { alarmCount, alarmSummary, isActive } from '../format/alarm-words.js';

/**
 * Marks runs that have raised alarms, with a summary on hover and for screen readers. Fainter if all of them are over. The run's
 * page has the details.
 */
export function AlarmMark({ alarms }: { alarms: RunRowFragment['alarms'] }) {
  if (alarms.length === 0) return null;
  const summary = alarmSummary(alarms);
  return (
    <span className={alarms.some(isActive) ? 'alarm-mark' : 'alarm-mark over'} title={summary}>
      {alarmCount(alarms)}
      <span className="visually-hidden">: {summary}</span>
    </span>
  );
}
