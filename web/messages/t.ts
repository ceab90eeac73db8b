import { IntlMessageFormat } from 'intl-messageformat';
import { currentTexts, type Message, type MessageId } from './language.js';

export type Values = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Has a placeholder, a tag or a quote, and is not only text. */
const HAS_SYNTAX = /[{<']/;

const formats = new Map<string, IntlMessageFormat>();

/** A message as the library formats it; null if it is only text. Kept, because to build one takes longer than to use it. */
export function formatOf(id: string, message: Message): IntlMessageFormat | null {
  if (typeof message === 'string' && !HAS_SYNTAX.test(message)) return null;
  const { language } = currentTexts();
  const key = `${language} ${id}`;
  const format = formats.get(key) ?? new IntlMessageFormat(message, language);
  formats.set(key, format);
  return format;
}

/**
 * A text of the dashboard in the language of the page (web/messages). All texts that people read come from here, because a test
 * finds those that do not. `Text` is for messages with links in them.
 */
export function t(id: MessageId, values?: Values): string {
  const message = currentTexts().messages[id];
  const format = formatOf(id, message);
  return String(format ? format.format(values as Record<string, string>) : message);
}
