import type { RunDetails } from '../../api/use-run.js';
import { dateTime } from '../../format/format.js';
import { currentTexts, type MessageId } from '../../messages/language.js';
import { t, type Values } from '../../messages/t.js';

type Waiting = NonNullable<RunDetails['waiting']>;
type Reason = NonNullable<Waiting['reason']>;

/** Why a queued run waits, and what keeps each runner from claiming it. */
export function WaitingPanel({ waiting }: { waiting: Waiting }) {
  const { reason, runners } = waiting;
  return (
    <div className="notice">
      {t('run.waitingFor', {
        reason: reason ? reasonWords(reason, `waitingReason.${reason.code}`) : placeWords(waiting),
      })}
      {runners.length > 0 && (
        <details>
          <summary>{t('run.eachRunner')}</summary>
          <ul className="plain">
            {runners.map(({ runner, reason }) => (
              <li key={runner.id}>
                {t('run.runnerSays', {
                  runner: runner.name,
                  reason: reason ? reasonWords(reason, `runnerReason.${reason.code}`) : t('run.runnerReady'),
                })}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** Where a queued run stands that some runner could claim, and when it may start, if that is known. */
function placeWords({ ahead, estimate }: Waiting): string {
  const place = t('run.place', { ahead });
  return estimate ? t('run.placeAt', { place, time: dateTime(estimate.startsAt) }) : place;
}

/** A reason in the language of the page. The server writes it in English, with names that are not among its parameters. */
function reasonWords({ message, parameters }: Reason, id: string): string {
  const { language, messages } = currentTexts();
  if (language === 'en' || !Object.hasOwn(messages, id)) return message;
  return t(id as MessageId, parameters as Values);
}
