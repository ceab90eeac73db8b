import { useEffect, useMemo, useState } from 'react';
import {
  type ClassIousFragment,
  type Network,
  type Pick,
  RunClassIousDocument,
  type RunState,
  type Subset,
} from '../../../schema/generated/web/graphql.js';
import { useRead } from '../../api/use-read.js';
import { useThrottled } from '../../api/use-throttled.js';
import { ClassLines } from '../../charts/class-lines.js';
import { type ClassInfo, IouBars, iousOf } from '../../charts/iou-bars.js';
import { Choice } from '../../components/choice.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { networkChoices, networkName, pickChoices, subsetChoices } from '../../format/choices.js';
import { waitingWords } from '../../format/waiting-words.js';
import { t } from '../../messages/t.js';
import { useEvaluations } from './use-evaluations.js';

interface Props {
  runId: string;
  classes: ClassInfo[];
  /** Number of networks that the run has reported on. */
  networks: 1 | 2;
  state: RunState;
}

const REFRESH_AT_MOST_EVERY_MS = 500;

/** Per-class IoU: bars for each network at one step, and lines over all steps. */
export function ClassIouPanel({ runId, classes, networks, state }: Props) {
  const [pick, setPick] = useState<Pick>('NEWEST');
  const [subset, setSubset] = useState<Subset>('VAL');
  const [network, setNetwork] = useState<Network>('BRANCH1');
  const bars = useRead(RunClassIousDocument, { id: runId, pick, subset });
  const evaluations = useEvaluations(runId, network, subset);
  const refreshSoon = useThrottled(bars.refresh, REFRESH_AT_MOST_EVERY_MS);
  const version = evaluations?.version ?? 0;
  // Which evaluation is the newest or the best is for the server to say.
  useEffect(() => {
    if (version > 0) refreshSoon();
  }, [version, refreshSoon]);
  const history = useMemo(
    () => (evaluations?.history ?? []).map((evaluation) => ({ step: evaluation.step, values: iousOf(evaluation) })),
    [evaluations?.history],
  );
  const run = bars.data?.run;
  const columns = [run?.branch1, run?.branch2, run?.ensemble].filter((each) => each !== null && each !== undefined);
  return (
    <section aria-labelledby="ious-title">
      <div className="section-head">
        <h2 id="ious-title">{t('run.classIous')}</h2>
        <Choice label={t('common.images')} value={subset} onChange={setSubset} options={subsetChoices()} />
        <Choice label={t('common.evaluation')} value={pick} onChange={setPick} options={pickChoices()} />
      </div>
      <Failure error={bars.error} />
      {!run && !bars.error && <Loading />}
      {run && columns.length === 0 && <Empty title={waitingWords(state, subset === 'TEST' ? 'test' : 'val')} />}
      {columns.length > 0 && (
        <div className="two-columns">
          <div>
            <p className="soft num">{t('common.stepIs', { step: columns[0]!.step })}</p>
            <IouBars caption={t('run.classIousCaption')} classes={classes} columns={columns.map(toColumn)} />
          </div>
          <div>
            {networks === 2 ? (
              <Choice label={t('common.overTime')} value={network} onChange={setNetwork} options={networkChoices()} />
            ) : (
              <p className="soft">{t('common.overTime')}</p>
            )}
            <ClassLines title={t('run.classIousOver')} classes={classes} history={history} />
          </div>
        </div>
      )}
    </section>
  );
}

function toColumn(evaluation: ClassIousFragment) {
  return {
    key: evaluation.network,
    label: networkName(evaluation.network),
    ious: iousOf(evaluation),
    scores: evaluation,
  };
}
