import type { RunHeadFragment } from '../../../schema/generated/web/graphql.js';
import { type AlarmGroup, alarmGroups, newestAlarm } from '../../format/alarm-words.js';
import { t } from '../../messages/t.js';

type Alarm = RunHeadFragment['alarms'][number];

/** Alarms of each kind that are always shown; the others can be expanded. */
const MOST_IN_SIGHT = 3;

/** What looks wrong with the run, at the top of its page. Screen readers announce the newest alarm. */
export function AlarmsPanel({ alarms }: { alarms: Alarm[] }) {
  const groups = alarmGroups(alarms);
  const newest = newestAlarm(alarms);
  return (
    <>
      {/* Rendered before the first alarm, because a live region does not announce its initial content. */}
      <p role="status" aria-label={t('alarms.newest')} className="visually-hidden">
        {newest && t('alarms.announced', { step: newest.step, message: newest.message })}
      </p>
      {groups.length > 0 && (
        <section aria-label={t('alarms.title')} className="notice alarms">
          {groups.map((group) => (
            <Group key={group.kind} group={group} />
          ))}
        </section>
      )}
    </>
  );
}

function Group({ group: { title, alarms } }: { group: AlarmGroup<Alarm> }) {
  const folded = alarms.slice(MOST_IN_SIGHT);
  return (
    <div>
      <h2 className="alarm-title">{title}</h2>
      <Lines alarms={alarms.slice(0, MOST_IN_SIGHT)} />
      {folded.length > 0 && (
        <details>
          <summary>{t('alarms.more', { count: folded.length })}</summary>
          <Lines alarms={folded} />
        </details>
      )}
    </div>
  );
}

function Lines({ alarms }: { alarms: Alarm[] }) {
  return (
    <ul>
      {alarms.map(({ id, step, overStep, message }) => (
        <li key={id} className={overStep === null ? undefined : 'soft'}>
          <span className="num soft">{t('common.atStep', { step })}</span> {message}
          {overStep !== null && <b> {t('alarms.overAt', { step: overStep })}</b>}
        </li>
      ))}
    </ul>
  );
}
