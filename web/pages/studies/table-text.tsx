import { useState } from 'react';
import { type PivotFormat, StudyTableTextDocument, type Subset } from '../../../schema/generated/web/graphql.js';
import { useRead } from '../../api/use-read.js';
import { scoresOf, useRunChanges } from '../../api/use-run-changes.js';
import { useThrottled } from '../../api/use-throttled.js';
import { Choice } from '../../components/choice.js';
import { CopyBlock } from '../../components/copy-block.js';
import { Failure, Loading } from '../../components/notice.js';
import { t } from '../../messages/t.js';

const REFRESH_AT_MOST_EVERY_MS = 1000;

const FORMATS = [
  ['MARKDOWN', 'Markdown'],
  ['LATEX', 'LaTeX'],
  ['CSV', 'CSV'],
] as const satisfies readonly (readonly [PivotFormat, string])[];

interface Props {
  studyId: string;
  subset: Subset;
  /** Whether methods also differ by what is beside them. */
  hasVariants: boolean;
}

/** mIoU of methods by split, as text for a paper or a spreadsheet. It is loaded only when it is opened, and then kept up to date. */
export function TableText({ studyId, subset, hasVariants }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>{t('studies.asText')}</summary>
      {isOpen && <PivotText studyId={studyId} subset={subset} hasVariants={hasVariants} />}
    </details>
  );
}

function PivotText({ studyId, subset, hasVariants }: Props) {
  const [format, setFormat] = useState<PivotFormat>('MARKDOWN');
  const on = `(subset: ${subset.toLowerCase()})`;
  const { data, error, loading, refresh } = useRead(StudyTableTextDocument, {
    id: studyId,
    rows: ['config.method', ...(hasVariants ? ['variant'] : [])],
    value: `miou${on}`,
    beside: [`rare_miou${on}`],
    format,
  });
  const refreshSoon = useThrottled(refresh, REFRESH_AT_MOST_EVERY_MS);
  useRunChanges({ studyId, of: scoresOf, onChange: refreshSoon });
  const text = data?.study?.pivot.render;
  return (
    <>
      <Choice label={t('studies.format')} value={format} onChange={setFormat} options={FORMATS} />
      <Failure error={error} />
      {loading && <Loading />}
      {text !== undefined && <CopyBlock text={text} />}
    </>
  );
}
