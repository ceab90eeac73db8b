import type { RunRowFragment } from '../../../schema/generated/web/graphql.js';
import { type AlarmGroup, alarmGroups } from '../../format/alarm-words.js';

type Alarm = RunRowFragment['alarms'][number];

/** So many of a kind are in sight; the others unfold. */
const MOST_IN_SIGHT = 3;

/** What looks wrong with the run, above everything that it reports; announced to those who do not see it. */
export function AlarmsPanel({ alarms }: { alarms: Alarm[] }) {
  return (
    <div role="status" aria-label="Alarms">
      {alarms.length > 0 && (
        <div className="notice alarms">
          {alarmGroups(alarms).map((group) => (
            <Group key={group.kind} group={group} />
          ))}
        </div>
      )}
    </div>
  );
}

function Group({ group: { title, alarms } }: { group: AlarmGroup<Alarm> }) {
  const folded = alarms.slice(MOST_IN_SIGHT);
  return (
    <div>
      <h3>{title}</h3>
      <Lines alarms={alarms.slice(0, MOST_IN_SIGHT)} />
      {folded.length > 0 && (
        <details>
          <summary>{folded.length} more</summary>
          <Lines alarms={folded} />
        </details>
      )}
    </div>
  );
}

function Lines({ alarms }: { alarms: Alarm[] }) {
  return (
    <ul>
      {alarms.map(({ id, step, message }) => (
        <li key={id}>
          <span className="num soft">step {step}</span> {message}
        </li>
      ))}
    </ul>
  );
}
