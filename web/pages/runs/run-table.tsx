import { Link } from 'wouter';
import type { RunRowFragment } from '../../../schema/generated/web/graphql.js';
import { AlarmMark } from '../../components/alarm-mark.js';
import { Progress } from '../../components/progress.js';
import { SplitHash } from '../../components/split-hash.js';
import { PhaseWord, StateBadge } from '../../components/state-badge.js';
import { useNow } from '../../components/use-now.js';
import { age, percent } from '../../format/format.js';

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
    <div className="scroll">
      <table className="runs">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Select</span>
            </th>
            <th scope="col">State</th>
            <th scope="col" className="number wide">
              No.
            </th>
            <th scope="col">Name</th>
            <th scope="col" className="wide">
              Method
            </th>
            <th scope="col" className="wide">
              Dataset
            </th>
            <th scope="col" className="number wide">
              Labels
            </th>
            <th scope="col" className="wide" title="Identifies the labelled images: the first digits of their hash">
              Split
            </th>
            <th
              scope="col"
              className="number"
              title="Newest evaluation of network 1 on the validation images, in percent"
            >
              mIoU
            </th>
            <th scope="col">Progress</th>
            <th scope="col" className="wide">
              Runner
            </th>
            <th scope="col" className="wide">
              Queued
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id} className={selected.has(run.id) ? 'selected' : undefined}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Select run ${run.number}`}
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
                  {run.archivedAt && <span className="tag">archived</span>}
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
                <Progress step={run.step} iterations={run.iterations} label={`Progress of run ${run.number}`} />
              </td>
              <td className="clip wide" title={run.runner?.name}>
                {run.runner?.name ?? '–'}
              </td>
              <td className="keep soft wide">{age(run.createdAt, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
