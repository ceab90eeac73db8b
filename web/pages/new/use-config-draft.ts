import { useState } from 'react';
import { type Json, readJson, valueAt, withValueAt } from './draft.js';

export interface ConfigDraft {
  /** The JSON editor's text: the only place that stores the configuration. */
  text: string;
  setText: (text: string) => void;
  /** The parsed text; null while it is not a JSON object. */
  json: Json | null;
  /** Why the text is invalid; null when it is valid. */
  problem: string | null;
  /** The value at a dotted path. */
  get: (path: string) => unknown;
  set: (path: string, value: unknown) => void;
}

/** A configuration being edited. The form's fields read and write the JSON text, so the two never disagree. */
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
