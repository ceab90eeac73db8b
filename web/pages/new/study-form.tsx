import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { useLocation } from 'wouter';
import { CreateStudyDocument } from '../../../schema/generated/web/graphql.js';
import { METHOD_LABELS, type MethodName } from '../../../schema/run-config.js';
import { countRuns } from '../../../schema/study-matrix.js';
import { fieldProblems, problemsOf } from '../../api/errors.js';
import { Field } from '../../components/field.js';
import { Refusal } from '../../components/refusal.js';
import { t } from '../../messages/t.js';
import { DatasetField, type Datasets, JsonField, TagsField, ValueField } from './config-fields.js';
import { type Json, pieces, readMatrix, seedOf, startingConfig } from './draft.js';
import { useConfigDraft } from './use-config-draft.js';

const METHODS = Object.entries(METHOD_LABELS) as [MethodName, string][];
/** The comparison that most studies start with. The user can add the other methods. */
const CHOSEN_AT_FIRST: MethodName[] = ['supervised', 'cps', 'cps_cutmix'];
const SHOWN_PATHS = ['name', 'dataset', 'methods', 'splits', 'split', 'seeds', 'seed', 'training.iterations'];

/** The settings that all runs of a study share: everything that the matrix does not vary. */
function startingBase(dataset: string): Json {
  const { method: _method, seed: _seed, split, ...base } = startingConfig(dataset);
  return { ...base, split: seedOf(split) };
}

export function StudyForm({ datasets }: { datasets: Datasets }) {
  const draft = useConfigDraft(() => startingBase(datasets[0]?.name ?? ''));
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [methods, setMethods] = useState<MethodName[]>(CHOSEN_AT_FIRST);
  const [labelled, setLabelled] = useState('1/8');
  const [seeds, setSeeds] = useState('0-2');
  const [tags, setTags] = useState('');
  const [{ error, fetching }, create] = useMutation(CreateStudyDocument);
  const [, navigate] = useLocation();
  const problems = fieldProblems(error);
  const elsewhere = problems.filter((problem) => !SHOWN_PATHS.some((path) => problemsOf([problem], path).length > 0));
  const chosen = METHODS.flatMap(([method]) => (methods.includes(method) ? [method] : []));
  const matrix = readMatrix(chosen, labelled, seeds);
  const runs = countRuns(matrix);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!draft.json) return;
    const input = { name: name.trim(), description: description.trim(), base: draft.json, matrix, tags: pieces(tags) };
    const { data } = await create({ input });
    if (data) navigate(`/studies/${data.createStudy.id}`);
  };

  return (
    <form className="stack form" onSubmit={submit}>
      <div className="form-grid">
        <Field label={t('common.name')} paths={['name']} problems={[]}>
          {(attributes) => (
            <input {...attributes} required value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label={t('common.description')} paths={['description']} problems={problems}>
          {(attributes) => (
            <input {...attributes} value={description} onChange={(event) => setDescription(event.target.value)} />
          )}
        </Field>
        <DatasetField draft={draft} problems={problems} datasets={datasets} />
        <MethodChoice chosen={methods} onChange={setMethods} />
        <Field label={t('new.labelled')} hint={t('new.splitsHint')} paths={['splits', 'split']} problems={problems}>
          {(attributes) => (
            <input {...attributes} value={labelled} onChange={(event) => setLabelled(event.target.value)} />
          )}
        </Field>
        <Field label={t('new.seeds')} hint={t('new.seedsHint')} paths={['seeds', 'seed']} problems={problems}>
          {(attributes) => <input {...attributes} value={seeds} onChange={(event) => setSeeds(event.target.value)} />}
        </Field>
        <ValueField draft={draft} problems={problems} label={t('common.iterations')} path="training.iterations" />
        <TagsField value={tags} onChange={setTags} problems={problems} />
      </div>
      <JsonField draft={draft} problems={elsewhere} />
      <Refusal error={error} />
      <div className="actions">
        <button type="submit" className="primary" disabled={fetching || !draft.json || runs === 0}>
          {t('new.queueRuns', { count: runs })}
        </button>
      </div>
    </form>
  );
}

function MethodChoice({ chosen, onChange }: { chosen: MethodName[]; onChange: (methods: MethodName[]) => void }) {
  return (
    <fieldset className="field checks">
      <legend>{t('common.methods')}</legend>
      {METHODS.map(([method, label]) => (
        <label className="check" key={method}>
          <input
            type="checkbox"
            checked={chosen.includes(method)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, method] : chosen.filter((each) => each !== method))
            }
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
