import { useState } from 'react';
import { t } from '../messages/t.js';
import { CodeBlock } from './code-block.js';

/** A block of text with a copy button. */
export function CopyBlock({ text }: { text: string }) {
  const [said, setSaid] = useState<'common.copy' | 'common.copied' | 'common.selectToCopy'>('common.copy');
  const copy = async () => {
    // Browsers provide a clipboard only on HTTPS and localhost. Elsewhere the user selects the text by hand.
    if (!navigator.clipboard) return setSaid('common.selectToCopy');
    await navigator.clipboard.writeText(text);
    setSaid('common.copied');
    setTimeout(() => setSaid('common.copy'), 2000);
  };
  return (
    <div className="copy-block">
      <button type="button" onClick={copy}>
        {t(said)}
      </button>
      <CodeBlock text={text} />
    </div>
  );
}
