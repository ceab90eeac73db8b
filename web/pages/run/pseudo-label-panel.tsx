import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { type Network, RunPseudoLabelsDocument, type RunState } from '../../../schema/generated/web/graphql.js';
import { useThrottled } from '../../api/use-throttled.js';
import { ClassLines } from '../../charts/class-lines.js';
import type { ClassInfo } from '../../charts/iou-bars.js';
import { ShareBars } from '../../charts/share-bars.js';
import { Choice } from '../../components/choice.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { percent } from '../../format/format.js';
import { waitingWords } from '../../format/waiting-words.js';

const REFETCH_AT_MOST_EVERY_MS = 2000;

const NETWORKS = [
  ['BRANCH1', 'Network 1'],
  ['BRANCH2', 'Network 2'],
] as const satisfies [Network, string][];

const QUANTITIES = [
  ['iou', 'IoU'],
  ['share', 'Share'],
] as const;

interface Props {
  runId: string;
  classes: ClassInfo[];
  /** How many networks the method trains. */
  networks: 1 | 2;
  state: RunState;
  /** Counts what was heard of the run: when it grows, there may be new pseudo-labels. */
  changes: number;
}

/** What the networks teach each other: how often each class, beside the labels, and how often rightly. */
export function PseudoLabelPanel({ runId, classes, networks, state, changes }: Props) {
  const [network, setNetwork] = useState<Network>('BRANCH1');
  const [chosen, setChosen] = useState<'iou' | 'share' | null>(null);
  const [{ data, error }, load] = useQuery({ query: RunPseudoLabelsDocument, variables: { id: runId, network } });
  const refetch = useThrottled(() => load({ requestPolicy: 'network-only' }), REFETCH_AT_MOST_EVERY_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change says that there may be something new
  useEffect(() => refetch(), [changes, refetch]);

  const records = data?.run?.pseudoLabels;
  const newest = records?.at(-1);
  // Without a hidden ground truth no class has an IoU, and the chart would be empty.
  const quantity = chosen ?? (records?.some(({ meanIou }) => meanIou !== null) ? 'iou' : 'share');
  const history = useMemo(
    () => (records ?? []).map(({ step, classes }) => ({ step, values: classes.map((of) => of[quantity]) })),
    [records, quantity],
  );
  return (
    <section aria-labelledby="pseudo-title">
      <div className="section-head">
        <h2 id="pseudo-title">Pseudo-labels of the unlabelled images</h2>
        {networks === 2 && <Choice label="Made by" value={network} onChange={setNetwork} options={NETWORKS} />}
      </div>
      <Failure error={error} />
      {!records && !error && <Loading />}
      {records && !newest && <Empty title={waitingWords(state, 'pseudo-labels of this network')} />}
      {newest && (
        <div className="two-columns">
          <div>
            <p className="soft num">
              Step {newest.step}, mIoU{' '}
              {newest.meanIou === null ? 'unknown: no hidden ground truth' : percent(newest.meanIou)}, on{' '}
              {percent(newest.coverage)} % of the pixels
            </p>
            <ShareBars classes={newest.classes} />
          </div>
          <div>
            <Choice label="Over time" value={quantity} onChange={setChosen} options={QUANTITIES} />
            <ClassLines
              title={
                quantity === 'iou'
                  ? "IoU of each class's pseudo-labels, %"
                  : 'Share of each class in the pseudo-labels, %'
              }
              classes={classes}
              history={history}
            />
          </div>
        </div>
      )}
    </section>
  );
}
