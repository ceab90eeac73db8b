import { useState } from 'react';
import { useQuery } from 'urql';
import { type PivotFormat, StudyTableTextDocument, type Subset } from '../../../schema/generated/web/graphql.js';
import { Choice } from '../../components/choice.js';
import { CopyBlock } from '../../components/copy-block.js';
import { Failure, Loading } from '../../components/notice.js';

const FORMATS = [
  ['MARKDOWN', 'Markdown'],
  ['LATEX', 'LaTeX'],
  ['CSV', 'CSV'],
] as const satisfies readonly (readonly [PivotFormat, string])[];

/** mIoU of methods by split, as text for a paper or a spreadsheet. It is loaded only when it is opened. */
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
  const [{ data, error }] = useQuery({
    query: StudyTableTextDocument,
    variables: { id: studyId, value: `miou(subset: ${subset.toLowerCase()})`, format },
    requestPolicy: 'cache-and-network',
  });
  const text = data?.study?.pivot.render;
  return (
    <>
      <Choice label="Format" value={format} onChange={setFormat} options={FORMATS} />
      <Failure error={error} />
      {text === undefined ? <Loading /> : <CopyBlock text={text} />}
    </>
  );
}
