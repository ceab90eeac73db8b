import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { RunPseudoLabelsDocument, type RunState } from '../../../schema/generated/web/graphql.js';
import { ClassLines } from '../../charts/class-lines.js';
import type { ClassInfo } from '../../charts/iou-bars.js';
import { ShareBars } from '../../charts/share-bars.js';
import { Choice } from '../../components/choice.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { NETWORKS } from '../../format/choices.js';
import { percent } from '../../format/format.js';
import { waitingWords } from '../../format/waiting-words.js';

/** Those that make pseudo-labels. */
const BRANCHES = [NETWORKS[0], NETWORKS[1]] as const;

const QUANTITIES = [
  ['iou', 'IoU'],
  ['share', 'Share'],
] as const;

interface Props {
  runId: string;
  classes: ClassInfo[];
  /** Number of networks that the run has reported on. */
  networks: 1 | 2;
  state: RunState;
  /** The step of each network's newest pseudo-labels. When it changes, they are loaded again. */
  steps: Record<'BRANCH1' | 'BRANCH2', number | null>;
}

/** The pseudo-labels that the networks train on: the share of each class, compared with the labels, and its IoU. */
export function PseudoLabelPanel({ runId, classes, networks, state, steps }: Props) {
  const [network, setNetwork] = useState<'BRANCH1' | 'BRANCH2'>('BRANCH1');
  const [chosen, setChosen] = useState<'iou' | 'share' | null>(null);
  const [{ data, error }, load] = useQuery({ query: RunPseudoLabelsDocument, variables: { id: runId, network } });
  const step = steps[network];
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of these two means new pseudo-labels
  useEffect(() => {
    load({ requestPolicy: 'network-only' });
  }, [step, state, load]);

  const records = data?.run?.pseudoLabels;
  const newest = records?.at(-1);
  // Without a hidden ground truth, no class has an IoU and the chart would be empty.
  const quantity = chosen ?? (records?.some(({ meanIou }) => meanIou !== null) ? 'iou' : 'share');
  const history = useMemo(
    () => (records ?? []).map(({ step, classes }) => ({ step, values: classes.map((of) => of[quantity]) })),
    [records, quantity],
  );
  return (
    <section aria-labelledby="pseudo-title">
      <div className="section-head">
        <h2 id="pseudo-title">Pseudo-labels on unlabelled images</h2>
        {networks === 2 && <Choice label="Network" value={network} onChange={setNetwork} options={BRANCHES} />}
      </div>
      <Failure error={error} />
      {!records && !error && <Loading />}
      {records && !newest && <Empty title={waitingWords(state, 'pseudo-labels from this network')} />}
      {newest && (
        <div className="two-columns">
          <div>
            <p className="soft num">
              Step {newest.step}, mIoU{' '}
              {newest.meanIou === null ? 'unknown (no hidden ground truth)' : percent(newest.meanIou)}, covering{' '}
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
