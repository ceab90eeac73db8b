/** What each key does, or two keys one after the other ("g r"). */
export type KeyMap = Readonly<Record<string, () => void>>;

/** The second key must follow this soon. */
const SEQUENCE_MS = 1500;

/** What is needed of a keyboard event. */
interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  defaultPrevented: boolean;
  target: EventTarget | null;
  preventDefault(): void;
}

/** Calls what a key stands for, except while somebody types or a dialog is open. Returns a function that ends it. */
export function followKeys(document: Document, keys: KeyMap): () => void {
  let first: { key: string; at: number } | null = null;
  const onKeyDown = (event: Pressed) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
    const before = first && Date.now() - first.at < SEQUENCE_MS ? first.key : null;
    const sequence = before === null ? event.key : `${before} ${event.key}`;
    const action = Object.hasOwn(keys, sequence) ? keys[sequence] : undefined;
    const begins = Object.keys(keys).some((each) => each.startsWith(`${event.key} `));
    first = !action && begins ? { key: event.key, at: Date.now() } : null;
    if (!action) return;
    event.preventDefault();
    action();
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

/** Whether keys are text there, or choose one of several. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
