import { useState } from 'react';
import type { DatasetsQuery } from '../../../schema/generated/web/graphql.js';
import type { FieldProblem } from '../../api/errors.js';
import { Field } from '../../components/field.js';
import { datasetWords } from '../../format/dataset-words.js';
import { t } from '../../messages/t.js';
import { readNumber } from './draft.js';
import type { ConfigDraft } from './use-config-draft.js';

const MOST_ROWS = 28;

interface FieldProps {
  draft: ConfigDraft;
  problems: FieldProblem[];
}

export type Datasets = DatasetsQuery['datasets'];

export function DatasetField({ draft, problems, datasets }: FieldProps & { datasets: Datasets }) {
  const chosen = String(draft.get('dataset') ?? '');
  const dataset = datasets.find(({ name }) => name === chosen);
  return (
    <Field label={t('common.dataset')} hint={dataset && datasetWords(dataset)} paths={['dataset']} problems={problems}>
      {(attributes) => (
        <select
          {...attributes}
          disabled={!draft.json}
          value={chosen}
          onChange={(event) => draft.set('dataset', event.target.value)}
        >
          {datasets.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface ValueFieldProps extends FieldProps {
  label: string;
  path: string;
  hint?: string;
  /** Converts the typed text to the value in the configuration. */
  read?: (text: string) => unknown;
  show?: (value: unknown) => string;
}

/** One value of the configuration. The typed text stays unchanged while the field has the focus. */
export function ValueField({ draft, problems, label, path, hint, read = readNumber, show = String }: ValueFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const value = draft.get(path);
  return (
    <Field label={label} hint={hint} paths={[path]} problems={problems}>
      {(attributes) => (
        <input
          {...attributes}
          disabled={!draft.json}
          value={typed ?? (value === undefined || value === null ? '' : show(value))}
          onBlur={() => setTyped(null)}
          onChange={(event) => {
            setTyped(event.target.value);
            draft.set(path, read(event.target.value));
          }}
        />
      )}
    </Field>
  );
}

interface TagsFieldProps {
  value: string;
  onChange: (value: string) => void;
  problems: FieldProblem[];
}

export function TagsField({ value, onChange, problems }: TagsFieldProps) {
  return (
    <Field label={t('common.tags')} hint={t('new.tagsHint')} paths={['tags']} problems={problems}>
      {(attributes) => <input {...attributes} value={value} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

/** The whole configuration as JSON. Lists the problems that no field above shows. */
export function JsonField({ draft, problems }: FieldProps) {
  const lines = draft.text.split('\n').length;
  return (
    <details className="json-editor" open={draft.problem !== null || problems.length > 0 || undefined}>
      <summary>{t('new.json')}</summary>
      <textarea
        aria-label={t('new.jsonLabel')}
        aria-invalid={draft.problem !== null}
        spellCheck={false}
        rows={Math.min(lines + 1, MOST_ROWS)}
        value={draft.text}
        onChange={(event) => draft.setText(event.target.value)}
      />
      {draft.problem && (
        <p className="problem" role="alert">
          {draft.problem}
        </p>
      )}
      <ul className="problems">
        {problems.map(({ field, message }) => (
          <li key={field + message}>
            {field && <code>{field}</code>} {message}
          </li>
        ))}
      </ul>
    </details>
  );
}
