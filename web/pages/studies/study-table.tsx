import { Fragment, useId } from 'react';
import { Link } from 'wouter';
import { dataWarnings } from '../../../schema/data-warnings.js';
import { AlarmMark } from '../../components/alarm-mark.js';
import { Scroll } from '../../components/scroll.js';
import { SplitHash } from '../../components/split-hash.js';
import { Swatch } from '../../components/swatch.js';
import { percent, signedPoints } from '../../format/format.js';
import { t } from '../../messages/t.js';
import { Text } from '../../messages/text.js';
import {
  comparableGroups,
  gainOverSupervised,
  isBest,
  type Statistic,
  type StudyGroup,
  type StudyRow,
  type StudyTable as Table,
} from './study-statistics.js';

const FIXED_COLUMNS = 6;

/** mIoU and per-class IoU of each method: mean ± sample standard deviation over seeds. Marks the best of each group. */
export function StudyTable({ table }: { table: Table }) {
  const groups = comparableGroups(table.rows);
  const rare = table.rareClasses.map(({ name }) => name).join(', ');
  const noteId = useId();
  return (
    <>
      <Scroll>
        <table className="study" aria-describedby={noteId}>
          <thead>
            <tr>
              <th scope="col" className="sticky">
                {t('common.method')}
              </th>
              <th scope="col" className="number">
                n
              </th>
              <th scope="col" className="number">
                {t('common.miou')}
              </th>
              <th scope="col" className="number" title={t('studies.gainTitle')}>
                {t('studies.gain')}
              </th>
              {rare && (
                <th scope="col" className="number" title={t('studies.rareTitle', { classes: rare })}>
                  {t('studies.rare')}
                </th>
              )}
              <th scope="col" className="number" title={t('charts.pixelAccuracyTitle')}>
                {t('studies.pixelAcc')}
              </th>
              <th scope="col" className="number" title={t('studies.fwIouTitle')}>
                {t('studies.fwIou')}
              </th>
              {table.classes.map(({ index, name, color }) => (
                <th scope="col" className="number class-head" key={index} title={name}>
                  <Swatch color={color} /> {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <Fragment key={group.key}>
                <tr className="group">
                  <th scope="rowgroup" colSpan={FIXED_COLUMNS + Number(rare !== '') + table.classes.length}>
                    <GroupTitle group={group} />
                  </th>
                </tr>
                {group.rows.map((row) => (
                  <tr key={row.methodLabel}>
                    <th scope="row" className="sticky">
                      {row.runs.length === 1 ? (
                        <Link href={`/runs/${row.runs[0]!.id}`}>{row.methodLabel}</Link>
                      ) : (
                        <Link href={`/compare?runs=${row.runs.map(({ id }) => id).join(',')}`}>{row.methodLabel}</Link>
                      )}
                      <RowAlarms row={row} />
                    </th>
                    <td className="number">
                      {row.n === row.runs.length ? row.n : t('studies.someOf', { n: row.n, runs: row.runs.length })}
                      {row.n > 0 && !row.completed && (
                        <div className="soft small" title={t('studies.unfinishedTitle')}>
                          {t('studies.unfinished')}
                        </div>
                      )}
                    </td>
                    <Cell row={row} group={group} score={({ meanIou }) => meanIou} strong />
                    <td className="number">{signedPoints(gainOverSupervised(row, group))}</td>
                    {rare && <Cell row={row} group={group} score={({ rareMeanIou }) => rareMeanIou} />}
                    <Cell row={row} group={group} score={({ pixelAccuracy }) => pixelAccuracy} />
                    <Cell row={row} group={group} score={({ frequencyWeightedIou }) => frequencyWeightedIou} />
                    {table.classes.map(({ index }) => (
                      <Cell key={index} row={row} group={group} score={({ classIous }) => classIous[index] ?? null} />
                    ))}
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p id={noteId} className="soft small">
        <Text
          id={table.subset === 'TEST' ? 'studies.noteTest' : 'studies.noteVal'}
          values={{ mark: (text) => <b className="best-mark">{text}</b> }}
        />
        {rare && ` ${t('studies.rareNote', { classes: rare })}`}
      </p>
    </>
  );
}

/** Alarms of the row's runs. Those about the data are in the title of the group. */
function RowAlarms({ row: { runs } }: { row: StudyRow }) {
  const alarms = runs.flatMap(({ allAlarms }) => allAlarms.filter(({ kind }) => kind !== 'DATA'));
  return alarms.length === 0 ? null : (
    <div>
      <AlarmMark alarms={alarms} />
    </div>
  );
}

function GroupTitle({ group }: { group: StudyGroup }) {
  const { dataset, splitLabel, backbone, splitHash, settingsLabel, unlabelledList } = group;
  const warnings = dataWarnings(group.rows.flatMap(({ runs }) => runs));
  return (
    <div className="group-title">
      {dataset}, <span title={unlabelledList ?? undefined}>{t('studies.groupLabelled', { split: splitLabel })}</span>,{' '}
      {backbone}
      {settingsLabel && `, ${settingsLabel}`}
      <span className="soft">
        , <Text id="studies.groupSplit" values={{ hash: () => <SplitHash hash={splitHash} /> }} />
      </span>
      {warnings.length > 0 && (
        <ul className="data-warnings" aria-label={t('studies.dataWarnings')}>
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface CellProps {
  row: StudyRow;
  group: StudyGroup;
  score: (row: StudyRow) => Statistic | null;
  strong?: boolean;
}

function Cell({ row, group, score, strong }: CellProps) {
  const value = score(row);
  const best = isBest(row, group, score);
  return (
    <td className={`number${strong ? ' strong' : ''}${best ? ' best' : ''}`}>
      {percent(value?.mean)}
      {best && <span className="visually-hidden"> {t('studies.best')}</span>}
      {typeof value?.std === 'number' && <span className="std"> ± {percent(value.std)}</span>}
    </td>
  );
}
