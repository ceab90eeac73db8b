import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { trainsOnUnlabelled } from '../../../schema/run-config.js';
import { parseStoredConfig } from '../../../schema/stored-config.js';
import { useRun } from '../../api/use-run.js';
import { useHistories } from '../../charts/use-histories.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { SamplesPanel } from '../../samples/samples-panel.js';
import { AlarmsPanel } from './alarms-panel.js';
import { Attempts } from './attempts.js';
import { ClassIouPanel } from './class-iou-panel.js';
import { ConfigPanel } from './config-panel.js';
import { LabellingPanel } from './labelling-panel.js';
import { LogPanel } from './log-panel.js';
import { MetricCharts } from './metric-charts.js';
import { PseudoLabelPanel } from './pseudo-label-panel.js';
import { RunHeader } from './run-header.js';

export function RunPage({ id }: { id: string }) {
  const { run, loading, deleted, error, changes, refetch } = useRun(id);
  const histories = useHistories(id);
  const [, navigate] = useLocation();
  const title = run && `#${run.number} ${run.name} · Crosscheck`;
  useEffect(() => {
    if (title) document.title = title;
    return () => {
      document.title = 'Crosscheck';
    };
  }, [title]);

  if (deleted) {
    return (
      <Empty title="This run has been deleted.">
        <Link href="/">Show all runs</Link>
      </Empty>
    );
  }
  if (!run) {
    if (error) return <Failure error={error} />;
    if (loading) return <Loading />;
    return (
      <Empty title="Run not found.">
        <p>
          No run has the ID <code>{id}</code>. <Link href="/">Show all runs</Link>
        </p>
      </Empty>
    );
  }
  const checked = parseStoredConfig(run.config);
  // A method that this page does not know may have pseudo-labels, so the panel is shown.
  const method = checked.ok ? checked.config.method : null;
  const networks = run.branch2 || run.pseudoLabelStep2 !== null ? 2 : 1;
  const evaluated = [run.evaluation, run.branch2, run.ensemble].map((each) => each?.step ?? '-').join(' ');
  return (
    <>
      <RunHeader run={run} onChanged={refetch} onDeleted={() => navigate('/')} />
      <AlarmsPanel alarms={run.alarms} />
      <MetricCharts histories={histories} state={run.state} />
      <ClassIouPanel
        runId={id}
        classes={run.dataset.classes}
        networks={networks}
        evaluated={evaluated}
        state={run.state}
      />
      {(!method || trainsOnUnlabelled(method)) && (
        <PseudoLabelPanel
          runId={id}
          classes={run.dataset.classes}
          networks={networks}
          state={run.state}
          steps={{ BRANCH1: run.pseudoLabelStep1, BRANCH2: run.pseudoLabelStep2 }}
        />
      )}
      <SamplesPanel runId={id} dataset={run.dataset} steps={run.sampleSteps} state={run.state} changes={changes} />
      {run.state === 'COMPLETED' && <LabellingPanel runId={id} classes={run.dataset.classes} />}
      <ConfigPanel config={run.config} />
      <Attempts attempts={run.attempts} />
      <LogPanel runId={id} changes={changes} />
    </>
  );
}
