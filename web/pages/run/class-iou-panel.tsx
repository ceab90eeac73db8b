import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import {
  type ClassIousFragment,
  type Network,
  type Pick,
  RunClassIousDocument,
  RunEvaluationsDocument,
  type RunState,
  type Subset,
} from '../../../schema/generated/web/graphql.js';
import { ClassLines } from '../../charts/class-lines.js';
import { type ClassInfo, IouBars, iousOf } from '../../charts/iou-bars.js';
import { Choice } from '../../components/choice.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { NETWORKS, PICKS, SUBSETS } from '../../format/choices.js';
import { waitingWords } from '../../format/waiting-words.js';

interface Props {
  runId: string;
  classes: ClassInfo[];
  /** Number of networks that the run has reported on. */
  networks: 1 | 2;
  /** The step of each network's newest evaluation. When it changes, the tables are loaded again. */
  evaluated: string;
  state: RunState;
}

/** Per-class IoU: bars for each network at one step, and lines over all steps. */
export function ClassIouPanel({ runId, classes, networks, evaluated, state }: Props) {
  const [pick, setPick] = useState<Pick>('NEWEST');
  const [subset, setSubset] = useState<Subset>('VAL');
  const [network, setNetwork] = useState<Network>('BRANCH1');
  const [bars, loadBars] = useQuery({ query: RunClassIousDocument, variables: { id: runId, pick, subset } });
  const [lines, loadLines] = useQuery({ query: RunEvaluationsDocument, variables: { id: runId, network, subset } });
  // `state`, because the last evaluations (on the test images) arrive at the end of the run.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of these two means new evaluations
  useEffect(() => {
    loadBars({ requestPolicy: 'network-only' });
    loadLines({ requestPolicy: 'network-only' });
  }, [evaluated, state, loadBars, loadLines]);

  const evaluations = lines.data?.run?.evaluations;
  const history = useMemo(
    () => (evaluations ?? []).map((evaluation) => ({ step: evaluation.step, values: iousOf(evaluation) })),
    [evaluations],
  );
  const run = bars.data?.run;
  const columns = [run?.branch1, run?.branch2, run?.ensemble].filter((each) => each !== null && each !== undefined);
  return (
    <section aria-labelledby="ious-title">
      <div className="section-head">
        <h2 id="ious-title">Per-class IoU, %</h2>
        <Choice label="Images" value={subset} onChange={setSubset} options={SUBSETS} />
        <Choice label="Evaluation" value={pick} onChange={setPick} options={PICKS} />
      </div>
      <Failure error={bars.error ?? lines.error} />
      {!run && !bars.error && <Loading />}
      {run && columns.length === 0 && (
        <Empty title={waitingWords(state, `evaluations on the ${subsetWords(subset)} images`)} />
      )}
      {columns.length > 0 && (
        <div className="two-columns">
          <div>
            <p className="soft num">Step {columns[0]!.step}</p>
            <IouBars
              caption="IoU of each class in percent, one column per network"
              classes={classes}
              columns={columns.map(toColumn)}
            />
          </div>
          <div>
            {networks === 2 ? (
              <Choice label="Over time" value={network} onChange={setNetwork} options={NETWORKS} />
            ) : (
              <p className="soft">Over time</p>
            )}
            <ClassLines title="IoU of each class over steps, %" classes={classes} history={history} />
          </div>
        </div>
      )}
    </section>
  );
}

function subsetWords(subset: Subset): string {
  return subset === 'TEST' ? 'test' : 'validation';
}

function toColumn(evaluation: ClassIousFragment) {
  const label = NETWORKS.find(([network]) => network === evaluation.network)![1];
  return { key: evaluation.network, label, ious: iousOf(evaluation), scores: evaluation };
}
