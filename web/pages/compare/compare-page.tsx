import { Link } from 'wouter';
import { CompareDocument, type CompareQuery } from '../../../schema/generated/web/graphql.js';
import { useRead } from '../../api/use-read.js';
import { scoresOf, useRunChanges } from '../../api/use-run-changes.js';
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
import { usePageTitle } from '../../components/use-page-title.js';
import { networkChoices, pickChoices, subsetChoices } from '../../format/choices.js';
import { percent } from '../../format/format.js';
import { t } from '../../messages/t.js';
import { Text } from '../../messages/text.js';
import { list, oneOf } from '../../url/url-parts.js';
import { useUrlState } from '../../url/use-url-state.js';
import { DifferentSplits } from './different-splits.js';

const REFRESH_AT_MOST_EVERY_MS = 1000;

const NETWORK = oneOf(['BRANCH1', 'BRANCH2', 'ENSEMBLE'], 'BRANCH1');
const SUBSET = oneOf(['VAL', 'TEST'], 'VAL');
const PICK = oneOf(['NEWEST', 'BEST'], 'NEWEST');

const NO_HISTORY = { name: '', steps: [], values: [] };

type Compared = CompareQuery['compareClassIous'][number];

/** Several runs side by side: per-class IoU and mIoU over steps. */
export function ComparePage() {
  const [runIds] = useUrlState('runs', list);
  usePageTitle(runIds.length > 0 ? t('compare.title', { count: runIds.length }) : t('compare.none'));
  const [network, setNetwork] = useUrlState('network', NETWORK);
  const [subset, setSubset] = useUrlState('subset', SUBSET);
  const [pick, setPick] = useUrlState('pick', PICK);
  const names = [`miou/${network.toLowerCase()}`];
  const asked = runIds.length > 0 ? { runIds, network, subset, pick, names } : null;
  const { data, error, loading, refresh } = useRead(CompareDocument, asked);
  const refreshSoon = useThrottled(refresh, REFRESH_AT_MOST_EVERY_MS);
  useRunChanges({
    studyId: null,
    of: scoresOf,
    onChange: ({ id }) => {
      if (runIds.includes(id)) refreshSoon();
    },
  });

  if (runIds.length === 0) {
    return (
      <Empty isPage title={t('compare.none')}>
        <p>
          <Text id="compare.help" values={{ all: (text) => <Link href="/">{text}</Link> }} />
        </p>
      </Empty>
    );
  }
  const compared = data?.compareClassIous ?? [];
  return (
    <>
      <div className="section-head">
        <h1>{t('compare.title', { count: runIds.length })}</h1>
        <Choice label={t('common.network')} value={network} onChange={setNetwork} options={networkChoices()} />
        <Choice label={t('common.images')} value={subset} onChange={setSubset} options={subsetChoices()} />
        <Choice label={t('common.evaluation')} value={pick} onChange={setPick} options={pickChoices()} />
      </div>
      <Failure error={error} />
      {loading && <Loading />}
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
                  <Text
                    id="compare.facts"
                    values={{
                      dataset: run.dataset.name,
                      split: run.splitLabel,
                      step: evaluation?.step ?? 'none',
                      hash: () => <SplitHash hash={run.splitHash} />,
                    }}
                  />
                </span>
              </li>
            ))}
          </ul>
          <DifferentSplits runs={compared.map(({ run }) => run)} />
          <LineChart
            title={t('compare.miou')}
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
            <section key={dataset} aria-label={t('compare.classIousLabel', { dataset })}>
              <h2>{t('compare.classIous', { dataset })}</h2>
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
  if (classes.length === 0) return <Empty title={t('compare.notEvaluated')} />;
  return (
    <IouBars
      caption={t('compare.caption')}
      classes={classes}
      columns={members.map(({ run, evaluation }) => {
        const ious = evaluation ? iousOf(evaluation) : [];
        return { key: run.id, label: `#${run.number} ${run.name}`, ious, scores: evaluation };
      })}
    />
  );
}
