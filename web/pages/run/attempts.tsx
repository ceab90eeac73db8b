import type { RunDetails } from '../../api/use-run.js';
import { Scroll } from '../../components/scroll.js';
import { StateBadge } from '../../components/state-badge.js';
import { useNow } from '../../components/use-now.js';
import { age, timeBetween } from '../../format/format.js';
import { t } from '../../messages/t.js';

/** The attempts at the run, newest first. */
export function Attempts({ attempts }: { attempts: RunDetails['attempts'] }) {
  const now = useNow(1000);
  if (attempts.length === 0) return null;
  const newestFirst = [...attempts].sort((a, b) => b.fence - a.fence);
  return (
    <section aria-labelledby="attempts-title">
      <h2 id="attempts-title">{t('run.attempts')}</h2>
      <Scroll>
        <table>
          <thead>
            <tr>
              <th scope="col" className="number">
                {t('common.number')}
              </th>
              <th scope="col">{t('common.state')}</th>
              <th scope="col">{t('common.runner')}</th>
              <th scope="col">{t('run.started')}</th>
              <th scope="col">{t('run.duration')}</th>
              <th scope="col">{t('run.message')}</th>
            </tr>
          </thead>
          <tbody>
            {newestFirst.map(({ id, fence, state, runner, startedAt, finishedAt, message }) => (
              <tr key={id}>
                <th scope="row" className="number">
                  {fence}
                </th>
                <td>
                  <StateBadge state={state} />
                </td>
                <td>{runner?.name ?? t('run.removed')}</td>
                <td className="keep">
                  <time dateTime={startedAt}>{age(startedAt, now)}</time>
                </td>
                <td className="keep num">{timeBetween(startedAt, finishedAt, now)}</td>
                <td>{message ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
