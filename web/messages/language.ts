import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { useSyncExternalStore } from 'react';
import type en from './en.js';

/** What each language calls itself. */
export const LANGUAGES = { en: 'English', ko: '한국어' } as const;
export type Language = keyof typeof LANGUAGES;

export type MessageId = keyof typeof en;
/** A text, or what the build has parsed of it (web/build/messages.ts). */
export type Message = string | MessageFormatElement[];

export interface Texts {
  language: Language;
  messages: Record<MessageId, Message>;
  /** Null in English, which the server speaks itself. */
  serverErrors: ServerErrors | null;
}

/** Messages of the server by their reason (server-errors.ts). */
export interface ServerErrors {
  reasons: Readonly<Record<string, Message>>;
  problems: Readonly<Record<string, Message>>;
}

const STORAGE_KEY = 'crosscheck.language';

const LOADERS: Record<Language, () => Promise<Omit<Texts, 'language'>>> = {
  en: async () => ({ messages: (await import('./en.js')).default, serverErrors: null }),
  ko: async () => {
    const [{ default: messages }, { default: serverErrors }] = await Promise.all([
      import('./ko.js'),
      import('./ko-server.js'),
    ]);
    return { messages, serverErrors };
  },
};

let texts: Texts | undefined;
const listeners = new Set<() => void>();

/** The language that was chosen in this browser, or else the first of the browser's languages that there is. */
export function preferredLanguage(stored: string | null, ofBrowser: readonly string[]): Language {
  const isKnown = (code: string): code is Language => Object.hasOwn(LANGUAGES, code);
  return (
    [...(stored ? [stored] : []), ...ofBrowser.map((tag) => tag.split('-')[0]!.toLowerCase())].find(isKnown) ?? 'en'
  );
}

/** Loads the texts of a language and shows all pages in it. */
export async function loadLanguage(language: Language): Promise<void> {
  texts = { language, ...(await LOADERS[language]()) };
  if (typeof document !== 'undefined') document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

/** Loads the language that this browser prefers. */
export function loadPreferredLanguage(): Promise<void> {
  return loadLanguage(preferredLanguage(localStorage.getItem(STORAGE_KEY), navigator.languages));
}

/** Shows all pages in a language, now and whenever this browser opens them. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORAGE_KEY, language);
  await loadLanguage(language);
}

/** The texts in use. @throws Error before any were loaded */
export function currentTexts(): Texts {
  if (!texts) throw new Error('no language is loaded: call loadLanguage first');
  return texts;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The language of the page. Whoever calls it is drawn again when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => currentTexts().language);
}
