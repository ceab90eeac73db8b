import { useEffect } from 'react';
import { useMutation } from 'urql';
import { Link } from 'wouter';
import {
  DrainRunnerDocument,
  PauseRunnerDocument,
  RemoveRunnerDocument,
  ResumeRunnerDocument,
  type RunnerRowFragment,
  RunnersChangedDocument,
  RunnersDocument,
  UndrainRunnerDocument,
} from '../../../schema/generated/web/graphql.js';
import { useLive } from '../../api/use-live.js';
import { useRead } from '../../api/use-read.js';
import { useThrottled } from '../../api/use-throttled.js';
import { ConfirmButton } from '../../components/confirm-button.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { Progress } from '../../components/progress.js';
import { Scroll } from '../../components/scroll.js';
import { StateBadge } from '../../components/state-badge.js';
import { useNow } from '../../components/use-now.js';
import { usePageTitle } from '../../components/use-page-title.js';
import { datasetWords } from '../../format/dataset-words.js';
import { age, bytes } from '../../format/format.js';
import { t } from '../../messages/t.js';
import { AddRunner } from './add-runner.js';

const REFRESH_AT_MOST_EVERY_MS = 500;
/** The server sends nothing when heartbeats stop. After this time without one, the page asks for the runner's state. */
const SILENT_AFTER_MS = 30_000;
const ASK_EVERY_MS = 15_000;

export function RunnersPage() {
  usePageTitle(t('runners.title'));
  const { data, error, loading, refresh } = useRead(RunnersDocument, {});
  const refreshSoon = useThrottled(refresh, REFRESH_AT_MOST_EVERY_MS);
  useLive(RunnersChangedDocument, {}, ({ runnersChanged: { id } }) => {
    if (!data?.runners.some((runner) => runner.id === id)) refreshSoon();
  });
  const now = useNow(5000);
  const runners = data?.runners ?? [];
  const isOneSilent = runners.some(
    ({ state, lastSeenAt }) => state !== 'OFFLINE' && now - Date.parse(lastSeenAt) > SILENT_AFTER_MS,
  );
  useEffect(() => {
    if (!isOneSilent) return;
    refresh();
    const timer = setInterval(refresh, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isOneSilent, refresh]);
  return (
    <>
      <h1>{t('runners.title')}</h1>
      <Failure error={error} />
      {loading && <Loading />}
      {data && runners.length === 0 && (
        <Empty title={t('runners.none')}>
          <p>{t('runners.help')}</p>
        </Empty>
      )}
      {runners.length > 0 && <RunnerTable runners={runners} now={now} />}
      <AddRunner open={data !== undefined && runners.length === 0} />
    </>
  );
}

function RunnerTable({ runners, now }: { runners: RunnerRowFragment[]; now: number }) {
  const [, drain] = useMutation(DrainRunnerDocument);
  const [, undrain] = useMutation(UndrainRunnerDocument);
  const [, pause] = useMutation(PauseRunnerDocument);
  const [, resume] = useMutation(ResumeRunnerDocument);
  const [, remove] = useMutation(RemoveRunnerDocument);
  return (
    <Scroll>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('common.state')}</th>
            <th scope="col">{t('common.name')}</th>
            <th scope="col">{t('runners.training')}</th>
            <th scope="col">{t('runners.engine')}</th>
            <th scope="col">{t('runners.pool')}</th>
            <th scope="col">{t('runners.datasets')}</th>
            <th scope="col">{t('runners.lastSeen')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('common.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runners.map((runner) => (
            <tr key={runner.id}>
              <td>
                <StateBadge state={runner.state} />
                {runner.paused && <span className="badge badge-paused">{t('states.PAUSED')}</span>}
                {runner.problem && (
                  <div className="small claims-nothing">{t('runners.claimsNothing', { problem: runner.problem })}</div>
                )}
              </td>
              <th scope="row">
                {runner.name}
                <div className="soft small">{runner.host}</div>
                {runner.versionWarning && <div className="soft small">{runner.versionWarning}</div>}
              </th>
              <td>
                {runner.activeAttempts.map(({ attempt, run }) => (
                  <div key={attempt.id} className="training-now">
                    <Link href={`/runs/${run.id}`}>
                      #{run.number} {run.name}
                    </Link>
                    <Progress
                      step={run.step}
                      iterations={run.iterations}
                      label={t('common.progressOf', { number: run.number })}
                    />
                  </div>
                ))}
                {runner.activeAttempts.length === 0 && <span className="soft">{t('runners.nothing')}</span>}
                {runner.slots > runner.slotLimit && (
                  <div className="soft small">
                    {t('runners.slots', { limit: runner.slotLimit, slots: runner.slots })}
                  </div>
                )}
              </td>
              <td>
                {runner.engine}
                <div className="soft small">
                  {runner.device}
                  {runner.gpuMemoryBytes !== null && `, ${bytes(runner.gpuMemoryBytes)}`}
                </div>
              </td>
              <td>{runner.pool}</td>
              <td className="datasets">
                {runner.datasets.map((dataset) => (
                  <div key={dataset.id}>
                    <Link href={`/datasets/${dataset.id}`}>{dataset.name}</Link>
                    <div className="soft small">{datasetWords(dataset)}</div>
                  </div>
                ))}
                {runner.datasets.length === 0 && '–'}
              </td>
              <td className="keep soft">{age(runner.lastSeenAt, now)}</td>
              <td>
                <div className="actions">
                  {runner.paused ? (
                    <ConfirmButton
                      label={t('runners.resume')}
                      question={t('runners.resumeQuestion', { name: runner.name })}
                      action={async () => (await resume({ id: runner.id })).error}
                    />
                  ) : (
                    <ConfirmButton
                      label={t('runners.pause')}
                      question={t('runners.pauseQuestion', { name: runner.name })}
                      action={async () => (await pause({ id: runner.id })).error}
                    />
                  )}
                  {runner.state === 'DRAINING' && (
                    <ConfirmButton
                      label={t('runners.endDrain')}
                      question={t('runners.resumeQuestion', { name: runner.name })}
                      action={async () => (await undrain({ id: runner.id })).error}
                    />
                  )}
                  {runner.state === 'ONLINE' && (
                    <ConfirmButton
                      label={t('runners.drain')}
                      question={t('runners.drainQuestion', { name: runner.name })}
                      action={async () => (await drain({ id: runner.id })).error}
                    />
                  )}
                  <ConfirmButton
                    label={t('runners.remove')}
                    question={t('runners.removeQuestion', { name: runner.name })}
                    dangerous
                    action={async () => (await remove({ id: runner.id })).error}
                  />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
