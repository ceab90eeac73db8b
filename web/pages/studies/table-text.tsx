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

/** mIoU of methods by split, as text for a paper or a spreadsheet. It is loaded only when it is opened, and then kept up to date. */
export function TableText({ studyId, subset }: { studyId: string; subset: Subset }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>mIoU as Markdown, LaTeX or CSV</summary>
      {isOpen && <Text studyId={studyId} subset={subset} />}
    </details>
  );
}

function Text({ studyId, subset }: { studyId: string; subset: Subset }) {
  const [format, setFormat] = useState<PivotFormat>('MARKDOWN');
  const [{ data, error, fetching }, load] = useQuery({
    query: StudyTableTextDocument,
    variables: { id: studyId, value: `miou(subset: ${subset.toLowerCase()})`, format },
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
