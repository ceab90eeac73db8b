import { useState } from 'react';
import { type Json, readJson, valueAt, withValueAt } from './draft.js';

export interface ConfigDraft {
  /** The JSON editor's text: the one place where the configuration is. */
  text: string;
  setText: (text: string) => void;
  /** What the text says; null while it is no JSON object. */
  json: Json | null;
  /** Why the text cannot be read; null when it can. */
  problem: string | null;
  /** The value at a dotted path. */
  get: (path: string) => unknown;
  set: (path: string, value: unknown) => void;
}

/** A configuration being written: the form's fields read from the JSON text and write into it, so they never disagree. */
export function useConfigDraft(start: () => Json): ConfigDraft {
  const [text, setText] = useState(() => JSON.stringify(start(), null, 2));
  const read = readJson(text);
  const json = 'json' in read ? read.json : null;
  return {
    text,
    setText,
    json,
    problem: 'problem' in read ? read.problem : null,
    get: (path) => json && valueAt(json, path.split('.')),
    set: (path, value) => {
      if (json) setText(JSON.stringify(withValueAt(json, path.split('.'), value), null, 2));
    },
  };
}
