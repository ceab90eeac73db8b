import { useState } from 'react';

/** Text to take elsewhere, with a button that copies it. */
export function CopyBlock({ text }: { text: string }) {
  const [said, setSaid] = useState('Copy');
  const copy = async () => {
    // Outside HTTPS and localhost a browser offers no clipboard; the text can still be selected by hand.
    if (!navigator.clipboard) return setSaid('Select and copy it by hand');
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
