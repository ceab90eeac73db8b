import { useState } from 'react';
import { useQuery } from 'urql';
import {
  type PivotFormat,
  RunsChangedDocument,
  StudyTableTextDocument,
  type Subset,
} from '../../../schema/generated/web/graphql.js';
import { useAfterReconnect } from '../../api/connection.js';
import { useLive } from '../../api/use-live.js';
import { useThrottled } from '../../api/use-throttled.js';
import { Choice } from '../../components/choice.js';
import { CopyBlock } from '../../components/copy-block.js';
import { Failure, Loading } from '../../components/notice.js';

const REFETCH_AT_MOST_EVERY_MS = 1000;

const FORMATS = [
  ['MARKDOWN', 'Markdown'],
  ['LATEX', 'LaTeX'],
  ['CSV', 'CSV'],
] as const satisfies readonly (readonly [PivotFormat, string])[];

interface TextProps {
  studyId: string;
  subset: Subset;
  /** Whether the study's matrix has variants. */
  hasVariants: boolean;
}

/** mIoU of methods by split, as text for a paper or a spreadsheet. It is loaded only when it is opened, and then kept up to date. */
export function TableText(props: TextProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>mIoU as Markdown, LaTeX or CSV</summary>
      {isOpen && <Text {...props} />}
    </details>
  );
}

function Text({ studyId, subset, hasVariants }: TextProps) {
  const [format, setFormat] = useState<PivotFormat>('MARKDOWN');
  const on = `(subset: ${subset.toLowerCase()})`;
  const [{ data, error, fetching }, load] = useQuery({
    query: StudyTableTextDocument,
    variables: {
      id: studyId,
      rows: ['config.method', ...(hasVariants ? ['variant'] : [])],
      value: `miou${on}`,
      beside: [`rare_miou${on}`],
      format,
    },
  });
  const refetch = useThrottled(() => load({ requestPolicy: 'network-only' }), REFETCH_AT_MOST_EVERY_MS);
  useAfterReconnect(refetch);
  useLive(RunsChangedDocument, { studyId }, refetch);
  const text = data?.study?.pivot.render;
  return (
    <>
      <Choice label="Format" value={format} onChange={setFormat} options={FORMATS} />
      <Failure error={error} />
      {fetching && text === undefined && <Loading />}
      {text !== undefined && <CopyBlock text={text} />}
    </>
  );
}
