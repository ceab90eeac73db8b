import { createElement, Fragment, type ReactNode } from 'react';
import { currentTexts, type MessageId } from './language.js';
import { formatOf } from './t.js';

interface Props {
  id: MessageId;
  /** What is filled in, and for each tag what it becomes: `<all>Show all runs</all>` is `{ all: (text) => <Link>{text}</Link> }`. */
  values: Record<string, string | number | null | undefined | ((content: ReactNode) => ReactNode)>;
}

/** A message with elements in it. */
export function Text({ id, values }: Props): ReactNode {
  const format = formatOf(id, currentTexts().messages[id]);
  if (!format) return String(currentTexts().messages[id]);
  const wrapped = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'function' ? (content: ReactNode[]) => value(createElement(Fragment, null, ...content)) : value,
  ]);
  const parts = format.format<ReactNode>(Object.fromEntries(wrapped));
  return Array.isArray(parts) ? createElement(Fragment, null, ...parts) : parts;
}
