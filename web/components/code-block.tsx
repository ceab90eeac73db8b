/** Text as it is typed or stored. Where it is wider than the page, it scrolls. */
export function CodeBlock({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: only what has the focus is scrolled by the keyboard
    <pre className="code-block" tabIndex={0}>
      <code>{text}</code>
    </pre>
  );
}
