import { Link, useLocation } from 'wouter';
import { trainsOnUnlabelled } from '../../../schema/run-config.js';
import { parseStoredConfig } from '../../../schema/stored-config.js';
import { useRun } from '../../api/use-run.js';
import { useHistories } from '../../charts/use-histories.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { usePageTitle } from '../../components/use-page-title.js';
import { t } from '../../messages/t.js';
import { Text } from '../../messages/text.js';
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
  const { run, loading, deleted, error } = useRun(id);
  const histories = useHistories(id);
  const [, navigate] = useLocation();
  usePageTitle(
    deleted || (!run && !loading) ? t('run.notFound') : run && t('run.title', { number: run.number, name: run.name }),
  );

  if (deleted) {
    return (
      <Empty isPage title={t('run.deleted')}>
        <Link href="/">{t('common.showAllRuns')}</Link>
      </Empty>
    );
  }
  if (!run) {
    if (error) return <Failure error={error} />;
    if (loading) return <Loading />;
    return (
      <Empty isPage title={t('run.notFound')}>
        <p>
          <Text
            id="run.notFoundHelp"
            values={{ id, code: (text) => <code>{text}</code>, all: (text) => <Link href="/">{text}</Link> }}
          />
        </p>
      </Empty>
    );
  }
  const checked = parseStoredConfig(run.config);
  // A method that this page does not know may have pseudo-labels, so the panel is shown.
  const method = checked.ok ? checked.config.method : null;
  const networks = run.branch2 || run.pseudoLabelStep2 !== null ? 2 : 1;
  return (
    <>
      <RunHeader run={run} onDeleted={() => navigate('/')} />
      <AlarmsPanel alarms={run.alarms} />
      <MetricCharts histories={histories} state={run.state} />
      <ClassIouPanel runId={id} classes={run.dataset.classes} networks={networks} state={run.state} />
      {(!method || trainsOnUnlabelled(method)) && (
        <PseudoLabelPanel
          runId={id}
          classes={run.dataset.classes}
          networks={networks}
          state={run.state}
          steps={{ BRANCH1: run.pseudoLabelStep1, BRANCH2: run.pseudoLabelStep2 }}
        />
      )}
      <SamplesPanel runId={id} dataset={run.dataset} steps={run.sampleSteps} state={run.state} />
      {run.state === 'COMPLETED' && <LabellingPanel runId={id} classes={run.dataset.classes} />}
      <ConfigPanel config={run.config} />
      <Attempts attempts={run.attempts} />
      <LogPanel runId={id} />
    </>
  );
}
