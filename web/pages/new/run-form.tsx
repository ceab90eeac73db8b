import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { useLocation } from 'wouter';
import { CreateRunDocument } from '../../../schema/generated/web/graphql.js';
import { METHOD_LABELS, type MethodName } from '../../../schema/run-config.js';
import { fieldProblems, problemsOf } from '../../api/errors.js';
import { Field } from '../../components/field.js';
import { Refusal } from '../../components/refusal.js';
import { t } from '../../messages/t.js';
import { DatasetField, type Datasets, JsonField, TagsField, ValueField } from './config-fields.js';
import { methodDefaults, pieces, readSplit, showSplit, startingConfig } from './draft.js';
import { useConfigDraft } from './use-config-draft.js';

const SHOWN_PATHS = ['dataset', 'method.name', 'split', 'seed', 'training.iterations'];

export function RunForm({ datasets }: { datasets: Datasets }) {
  const draft = useConfigDraft(() => startingConfig(datasets[0]?.name ?? ''));
  const [name, setName] = useState('');
  const [tags, setTags] = useState('');
  const [{ error, fetching }, create] = useMutation(CreateRunDocument);
  const [, navigate] = useLocation();
  const problems = fieldProblems(error);
  const elsewhere = problems.filter((problem) => !SHOWN_PATHS.some((path) => problemsOf([problem], path).length > 0));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!draft.json) return;
    const { data } = await create({ input: { name: name.trim() || null, config: draft.json, tags: pieces(tags) } });
    if (data) navigate(`/runs/${data.createRun.id}`);
  };

  return (
    <form className="stack form" onSubmit={submit}>
      <div className="form-grid">
        <Field label={t('common.name')} hint={t('new.nameHint')} paths={[]} problems={[]}>
          {(attributes) => <input {...attributes} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <DatasetField draft={draft} problems={problems} datasets={datasets} />
        <Field label={t('common.method')} paths={['method.name']} problems={problems}>
          {(attributes) => (
            <select
              {...attributes}
              disabled={!draft.json}
              value={String(draft.get('method.name') ?? '')}
              onChange={(event) => draft.set('method', methodDefaults(event.target.value as MethodName))}
            >
              {Object.entries(METHOD_LABELS).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <ValueField
          draft={draft}
          problems={problems}
          label={t('new.labelled')}
          path="split"
          hint={t('new.splitHint')}
          read={(text) => readSplit(text, draft.get('split'))}
          show={showSplit}
        />
        <ValueField draft={draft} problems={problems} label={t('common.iterations')} path="training.iterations" />
        <ValueField draft={draft} problems={problems} label={t('common.seed')} path="seed" />
        <TagsField value={tags} onChange={setTags} problems={problems} />
      </div>
      <JsonField draft={draft} problems={elsewhere} />
      <Refusal error={error} />
      <div>
        <button type="submit" className="primary" disabled={fetching || !draft.json}>
          {t('new.queueRun')}
        </button>
      </div>
    </form>
  );
}
