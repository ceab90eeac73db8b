import { useState } from 'react';

/** A block of text with a copy button. */
export function CopyBlock({ text }: { text: string }) {
  const [said, setSaid] = useState('Copy');
  const copy = async () => {
    // Browsers provide a clipboard only on HTTPS and localhost. Elsewhere the user selects the text by hand.
    if (!navigator.clipboard) return setSaid('Select the text to copy it');
    await navigator.clipboard.writeText(text);
    setSaid('Copied');
    setTimeout(() => setSaid('Copy'), 2000);
  };
  return (
    <div className="copy-block">
      <button type="button" onClick={copy}>
        {said}
      </button>
      <pre className="code-block">
        <code>{text}</code>
      </pre>
    </div>
  );
}
