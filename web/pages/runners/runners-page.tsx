import { useEffect, useState } from 'react';
import { useMutation, useQuery } from 'urql';
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
import { useAfterReconnect } from '../../api/connection.js';
import { useLive } from '../../api/use-live.js';
import { useThrottled } from '../../api/use-throttled.js';
import { ConfirmButton } from '../../components/confirm-button.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { Progress } from '../../components/progress.js';
import { StateBadge } from '../../components/state-badge.js';
import { useNow } from '../../components/use-now.js';
import { datasetWords } from '../../format/dataset-words.js';
import { age, bytes } from '../../format/format.js';
import { AddRunner } from './add-runner.js';

const REFETCH_AT_MOST_EVERY_MS = 500;
/** The server sends nothing when heartbeats stop, so the page also polls the runners' states. */
const POLL_MS = 15_000;

export function RunnersPage() {
  const [{ data, error, fetching }, load] = useQuery({ query: RunnersDocument });
  const [live, setLive] = useState<ReadonlyMap<string, RunnerRowFragment>>(new Map());
  const refetch = useThrottled(() => {
    setLive(new Map());
    load({ requestPolicy: 'network-only' });
  }, REFETCH_AT_MOST_EVERY_MS);
  useAfterReconnect(refetch);
  useLive(RunnersChangedDocument, {}, ({ runnersChanged: runner }) => {
    setLive((before) => new Map(before).set(runner.id, runner));
    if (!data?.runners.some(({ id }) => id === runner.id)) refetch();
  });
  const now = useNow(5000);
  useEffect(() => {
    const timer = setInterval(refetch, POLL_MS);
    return () => clearInterval(timer);
  }, [refetch]);
  const runners = data?.runners.map((runner) => live.get(runner.id) ?? runner) ?? [];
  return (
    <>
      <h1>Runners</h1>
      <Failure error={error} />
      {fetching && !data && <Loading />}
      {data && runners.length === 0 && (
        <Empty title="No runners yet.">
          <p>A runner is a machine that trains. It needs an outgoing connection to this server, but no open port.</p>
        </Empty>
      )}
      {runners.length > 0 && <RunnerTable runners={runners} now={now} onChanged={refetch} />}
      <AddRunner open={data !== undefined && runners.length === 0} />
    </>
  );
}

function RunnerTable({
  runners,
  now,
  onChanged,
}: {
  runners: RunnerRowFragment[];
  now: number;
  onChanged: () => void;
}) {
  const [, drain] = useMutation(DrainRunnerDocument);
  const [, undrain] = useMutation(UndrainRunnerDocument);
  const [, pause] = useMutation(PauseRunnerDocument);
  const [, resume] = useMutation(ResumeRunnerDocument);
  const [, remove] = useMutation(RemoveRunnerDocument);
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Name</th>
            <th scope="col">Training now</th>
            <th scope="col">Engine</th>
            <th scope="col">Pool</th>
            <th scope="col">Datasets</th>
            <th scope="col">Last seen</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runners.map((runner) => (
            <tr key={runner.id}>
              <td>
                <StateBadge state={runner.state} />
                {runner.paused && <span className="badge badge-paused">Paused</span>}
                {runner.problem && <div className="small claims-nothing">Claims no runs: {runner.problem}</div>}
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
                    <Progress step={run.step} iterations={run.iterations} label={`Progress of run ${run.number}`} />
                  </div>
                ))}
                {runner.activeAttempts.length === 0 && <span className="soft">nothing</span>}
                {runner.slots > runner.slotLimit && (
                  <div className="soft small">
                    {runner.slotLimit} of {runner.slots} slots count
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
                      label="Resume"
                      question={`${runner.name} claims runs again.`}
                      action={async () => (await resume({ id: runner.id })).error}
                    />
                  ) : (
                    <ConfirmButton
                      label="Pause"
                      question={`${runner.name} finishes its current runs, and claims no others until it is resumed.`}
                      action={async () => (await pause({ id: runner.id })).error}
                    />
                  )}
                  {runner.state === 'DRAINING' && (
                    <ConfirmButton
                      label="End drain"
                      question={`${runner.name} claims runs again.`}
                      action={async () => (await undrain({ id: runner.id })).error}
                    />
                  )}
                  {runner.state === 'ONLINE' && (
                    <ConfirmButton
                      label="Drain"
                      question={`${runner.name} writes a checkpoint, returns its runs to the queue, and claims nothing until it is restarted or the drain is ended.`}
                      action={async () => (await drain({ id: runner.id })).error}
                    />
                  )}
                  <ConfirmButton
                    label="Remove"
                    question={`${runner.name} loses its token, and its current runs return to the queue. Its results are kept.`}
                    dangerous
                    action={async () => {
                      const { error } = await remove({ id: runner.id });
                      if (!error) onChanged();
                      return error;
                    }}
                  />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
