import { useQuery } from 'urql';
import { Link } from 'wouter';
import {
  CompareDocument,
  type CompareQuery,
  type Network,
  type Pick,
  RunsChangedDocument,
  type Subset,
} from '../../../schema/generated/web/graphql.js';
import { useAfterReconnect } from '../../api/connection.js';
import { useLive } from '../../api/use-live.js';
import { useThrottled } from '../../api/use-throttled.js';
import { lineColor } from '../../charts/colors.js';
import { fromWire } from '../../charts/history.js';
import { type ClassInfo, IouBars, iousOf } from '../../charts/iou-bars.js';
import { LineChart } from '../../charts/line-chart.js';
import { AlarmMark } from '../../components/alarm-mark.js';
import { Choice } from '../../components/choice.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { SplitHash } from '../../components/split-hash.js';
import { StateBadge } from '../../components/state-badge.js';
import { useUrlState } from '../../components/use-url-state.js';
import { NETWORKS, PICKS, SUBSETS } from '../../format/choices.js';
import { percent } from '../../format/format.js';
import { DifferentSplits } from './different-splits.js';

const REFETCH_AT_MOST_EVERY_MS = 1000;

const NO_HISTORY = { name: '', steps: [], values: [] };

type Compared = CompareQuery['compareClassIous'][number];

/** Several runs side by side: per-class IoU and mIoU over steps. */
export function ComparePage() {
  const [ids] = useUrlState('runs', '');
  const [network, setNetwork] = useUrlState('network', 'BRANCH1');
  const [subset, setSubset] = useUrlState('subset', 'VAL');
  const [pick, setPick] = useUrlState('pick', 'NEWEST');
  const runIds = ids.split(',').filter(Boolean);
  const names = [`miou/${network.toLowerCase()}`];
  const [{ data, error, fetching }, load] = useQuery({
    query: CompareDocument,
    variables: { runIds, network: network as Network, subset: subset as Subset, pick: pick as Pick, names },
    pause: runIds.length === 0,
  });
  const refetch = useThrottled(() => load({ requestPolicy: 'network-only' }), REFETCH_AT_MOST_EVERY_MS);
  useAfterReconnect(refetch);
  useLive(RunsChangedDocument, {}, ({ runsChanged }) => {
    if (runIds.includes(runsChanged.id)) refetch();
  });

  if (runIds.length === 0) {
    return (
      <Empty title="No runs to compare.">
        <p>
          Select two or more in the <Link href="/">list of runs</Link>.
        </p>
      </Empty>
    );
  }
  const compared = data?.compareClassIous ?? [];
  return (
    <>
      <div className="section-head">
        <h1>Compare {runIds.length} runs</h1>
        <Choice label="Network" value={network} onChange={setNetwork} options={NETWORKS} />
        <Choice label="Images" value={subset} onChange={setSubset} options={SUBSETS} />
        <Choice label="Evaluation" value={pick} onChange={setPick} options={PICKS} />
      </div>
      <Failure error={error} />
      {fetching && compared.length === 0 && <Loading />}
      {compared.length > 0 && (
        <>
          <ul className="compared">
            {compared.map(({ run, evaluation }, index) => (
              <li key={run.id}>
                <span className="key" style={{ color: lineColor(index) }} />
                <Link href={`/runs/${run.id}`}>
                  #{run.number} {run.name}
                </Link>
                <StateBadge state={run.state} />
                <AlarmMark alarms={run.alarms} />
                <span className="soft num">
                  {run.dataset.name}, labelled: {run.splitLabel}, split <SplitHash hash={run.splitHash} />;{' '}
                  {evaluation ? `step ${evaluation.step}` : 'not evaluated'}
                </span>
              </li>
            ))}
          </ul>
          <DifferentSplits runs={compared.map(({ run }) => run)} />
          <LineChart
            title="Mean IoU on validation images, %"
            height={260}
            format={percent}
            lines={compared.map(({ run }, index) => ({
              ...fromWire(data?.histories.find(({ runId }) => runId === run.id) ?? NO_HISTORY),
              name: run.id,
              label: `#${run.number}`,
              color: lineColor(index),
            }))}
          />
          {byDataset(compared).map(([dataset, members]) => (
            <section key={dataset} aria-label={`Per-class IoU on ${dataset}`}>
              <h2>Per-class IoU on {dataset}, %</h2>
              <ComparedBars members={members} />
            </section>
          ))}
        </>
      )}
    </>
  );
}

/** Different datasets have different classes, so each dataset has its own table. */
function byDataset(compared: Compared[]): [string, Compared[]][] {
  const groups = new Map<string, Compared[]>();
  for (const each of compared) groups.set(each.run.dataset.name, [...(groups.get(each.run.dataset.name) ?? []), each]);
  return [...groups];
}

function ComparedBars({ members }: { members: Compared[] }) {
  const classes: ClassInfo[] =
    members
      .find(({ evaluation }) => evaluation)
      ?.evaluation?.classIous.map(({ classIndex, name, color }) => ({ index: classIndex, name, color })) ?? [];
  if (classes.length === 0) return <Empty title="None of these runs has been evaluated on these images." />;
  return (
    <IouBars
      caption="IoU of each class in percent, one column per run"
      classes={classes}
      columns={members.map(({ run, evaluation }) => {
        const ious = evaluation ? iousOf(evaluation) : [];
        return { key: run.id, label: `#${run.number} ${run.name}`, ious, scores: evaluation };
      })}
    />
  );
}
