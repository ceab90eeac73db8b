import { parse } from '@formatjs/icu-messageformat-parser';
import type { Plugin } from 'vite';

const CATALOGUE = /\/web\/messages\/[a-z]+\/[\w-]+\.json$/;
/** As in web/messages/t.ts: what is only text stays as it is. */
const HAS_SYNTAX = /[{<']/;

/** Parses the messages while building, so that the browser gets neither their parser nor the time that it takes. */
export const parsedMessages: Plugin = {
  name: 'parsed-messages',
  enforce: 'pre',
  transform(code, id) {
    if (!CATALOGUE.test(id)) return null;
    const messages = JSON.parse(code) as Record<string, string>;
    const parsed = Object.entries(messages).map(([key, text]) => [key, HAS_SYNTAX.test(text) ? parse(text) : text]);
    return { code: `export default ${JSON.stringify(Object.fromEntries(parsed))};`, moduleType: 'js' };
  },
};
