import { useEffect, useMemo, useRef, useState } from 'react';
import { RunPseudoLabelsDocument, type RunState } from '../../../schema/generated/web/graphql.js';
import { useRead } from '../../api/use-read.js';
import { ClassLines } from '../../charts/class-lines.js';
import type { ClassInfo } from '../../charts/iou-bars.js';
import { ShareBars } from '../../charts/share-bars.js';
import { Choice } from '../../components/choice.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { networkChoices } from '../../format/choices.js';
import { percent } from '../../format/format.js';
import { waitingWords } from '../../format/waiting-words.js';
import { t } from '../../messages/t.js';

/** Those that make pseudo-labels. */
const branchChoices = () => {
  const [first, second] = networkChoices();
  return [first, second] as const;
};

const quantityChoices = () =>
  [
    ['iou', t('run.iou')],
    ['share', t('run.share')],
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
  const { data, error, refresh } = useRead(RunPseudoLabelsDocument, { id: runId, network });
  const step = steps[network];
  const readUpTo = useRef({ network, step });
  useEffect(() => {
    const before = readUpTo.current;
    readUpTo.current = { network, step };
    if (before.network === network && before.step !== step) refresh();
  }, [network, step, refresh]);

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
        <h2 id="pseudo-title">{t('run.pseudoLabels')}</h2>
        {networks === 2 && (
          <Choice label={t('common.network')} value={network} onChange={setNetwork} options={branchChoices()} />
        )}
      </div>
      <Failure error={error} />
      {!records && !error && <Loading />}
      {records && !newest && <Empty title={waitingWords(state, 'pseudoLabels')} />}
      {newest && (
        <div className="two-columns">
          <div>
            <p className="soft num">
              {t('run.pseudoFacts', {
                step: newest.step,
                miou: newest.meanIou === null ? t('run.pseudoUnknown') : percent(newest.meanIou),
                coverage: percent(newest.coverage),
              })}
            </p>
            <ShareBars classes={newest.classes} />
          </div>
          <div>
            <Choice label={t('common.overTime')} value={quantity} onChange={setChosen} options={quantityChoices()} />
            <ClassLines
              title={quantity === 'iou' ? t('run.pseudoIou') : t('run.pseudoShare')}
              classes={classes}
              history={history}
            />
          </div>
        </div>
      )}
    </section>
  );
}
