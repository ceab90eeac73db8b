import { Link } from 'wouter';
import type { RunRowFragment } from '../../schema/generated/web/graphql.js';
import { AlarmMark } from '../components/alarm-mark.js';
import { Progress } from '../components/progress.js';
import { Scroll } from '../components/scroll.js';
import { SplitHash } from '../components/split-hash.js';
import { PhaseWord, StateBadge } from '../components/state-badge.js';
import { useNow } from '../components/use-now.js';
import { age, percent } from '../format/format.js';
import { t } from '../messages/t.js';

interface Props {
  runs: RunRowFragment[];
  selected: ReadonlySet<string>;
  onSelect: (id: string, on: boolean) => void;
  showStudy?: boolean;
}

/** A table of runs. The mIoU is from network 1's newest evaluation on the validation images. */
export function RunTable({ runs, selected, onSelect, showStudy = true }: Props) {
  const now = useNow(10_000);
  return (
    <Scroll>
      <table className="runs">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t('runs.select')}</span>
            </th>
            <th scope="col">{t('common.state')}</th>
            <th scope="col" className="number wide">
              {t('common.number')}
            </th>
            <th scope="col">{t('common.name')}</th>
            <th scope="col" className="wide">
              {t('common.method')}
            </th>
            <th scope="col" className="wide">
              {t('common.dataset')}
            </th>
            <th scope="col" className="number wide">
              {t('common.labels')}
            </th>
            <th scope="col" className="wide" title={t('runs.splitTitle')}>
              {t('common.split')}
            </th>
            <th scope="col" className="number" title={t('runs.miouTitle')}>
              {t('common.miou')}
            </th>
            <th scope="col">{t('common.progress')}</th>
            <th scope="col" className="wide">
              {t('common.runner')}
            </th>
            <th scope="col" className="wide">
              {t('common.queued')}
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id} className={selected.has(run.id) ? 'selected' : undefined}>
              <td>
                <input
                  type="checkbox"
                  aria-label={t('runs.selectRun', { number: run.number })}
                  checked={selected.has(run.id)}
                  onChange={(event) => onSelect(run.id, event.target.checked)}
                />
              </td>
              <td>
                <StateBadge state={run.state} />
                <PhaseWord phase={run.phase} />
              </td>
              <td className="number wide">{run.number}</td>
              <th scope="row" className="name">
                <Link href={`/runs/${run.id}`} title={run.name}>
                  {run.name}
                </Link>
                <span className="under">
                  <AlarmMark alarms={run.alarms} />
                  {showStudy && run.study && <Link href={`/studies/${run.study.id}`}>{run.study.name}</Link>}
                  {run.archivedAt && <span className="tag">{t('runs.archivedTag')}</span>}
                  {run.tags.map((tag) => (
                    <span className="tag" key={tag}>
                      {tag}
                    </span>
                  ))}
                </span>
              </th>
              <td className="keep wide">{run.methodLabel}</td>
              <td className="clip wide" title={run.dataset.name}>
                {run.dataset.name}
              </td>
              <td className="number clip wide" title={run.splitLabel}>
                {run.splitLabel}
              </td>
              <td className="keep wide">{run.splitHash ? <SplitHash hash={run.splitHash} /> : '–'}</td>
              <td className="number strong">{percent(run.evaluation?.meanIou)}</td>
              <td>
                <Progress
                  step={run.step}
                  iterations={run.iterations}
                  label={t('common.progressOf', { number: run.number })}
                />
              </td>
              <td className="clip wide" title={run.runner?.name}>
                {run.runner?.name ?? '–'}
              </td>
              <td className="keep soft wide">{age(run.createdAt, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
