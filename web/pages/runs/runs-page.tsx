import { useDeferredValue } from 'react';
import { RunFilterChoicesDocument } from '../../../schema/generated/web/graphql.js';
import { METHOD_LABELS } from '../../../schema/method-labels.js';
import { RUN_STATES } from '../../../schema/run-states.js';
import { useRead } from '../../api/use-read.js';
import { usePageTitle } from '../../components/use-page-title.js';
import { t } from '../../messages/t.js';
import { RunList } from '../../run-list/run-list.js';
import { text as anyText, flag, oneOf } from '../../url/url-parts.js';
import { useUrlState } from '../../url/use-url-state.js';
import { NoRuns } from './no-runs.js';
import { FIRST_ORDER, ORDERS, toCondition, toSort, withoutArchived } from './run-filters.js';

const ORDER = oneOf(
  ORDERS.map(([order]) => order),
  FIRST_ORDER,
);

export function RunsPage() {
  usePageTitle(t('runs.title'));
  const [study, setStudy] = useUrlState('study', anyText);
  const [state, setState] = useUrlState('state', anyText);
  const [method, setMethod] = useUrlState('method', anyText);
  const [tag, setTag] = useUrlState('tag', anyText);
  const [text, setText] = useUrlState('text', anyText);
  const [archived, setArchived] = useUrlState('archived', flag);
  const [order, setOrder] = useUrlState('order', ORDER);
  const { data } = useRead(RunFilterChoicesDocument, {});
  const condition = toCondition({ study, state, method, tag, text: useDeferredValue(text), order });
  const studies = data?.studies.edges.map(({ node }) => [node.id, node.name] as const) ?? [];
  return (
    <>
      <h1>{t('runs.title')}</h1>
      <search className="filters">
        <label className="field grow">
          <span>{t('runs.search')}</span>
          <input
            type="search"
            value={text}
            placeholder={t('runs.searchHint')}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <Select
          label={t('common.state')}
          value={state}
          all={t('runs.allStates')}
          onChange={setState}
          options={RUN_STATES.map((s) => [s, t(`states.${s}`)])}
        />
        <Select
          label={t('common.method')}
          value={method}
          all={t('runs.allMethods')}
          onChange={setMethod}
          options={Object.entries(METHOD_LABELS)}
        />
        <Select
          label={t('common.study')}
          value={study}
          all={t('runs.allStudies')}
          onChange={setStudy}
          options={studies}
        />
        <label className="field">
          <span>{t('common.tags')}</span>
          <input value={tag} placeholder={t('runs.tagsHint')} onChange={(event) => setTag(event.target.value)} />
        </label>
        <Select
          label={t('runs.archived')}
          value={archived ? 'yes' : ''}
          all={t('runs.hidden')}
          onChange={(value) => setArchived(value === 'yes')}
          options={[['yes', t('runs.shown')]]}
        />
        <Select
          label={t('runs.order')}
          value={order}
          onChange={setOrder}
          options={ORDERS.map(([order, label]) => [order, t(label)])}
        />
      </search>
      <RunList
        wanted={{ ...(archived ? condition : withoutArchived(condition)), sort: toSort(order) }}
        studyId={study || null}
        empty={<NoRuns condition={condition} archivedAreHidden={!archived} onShowArchived={() => setArchived(true)} />}
      />
    </>
  );
}

interface SelectProps<Value extends string> {
  label: string;
  value: Value;
  /** The label for no choice; omitted when the user must choose one. */
  all?: string;
  options: readonly (readonly [Value, string])[];
  onChange: (value: Value) => void;
}

function Select<Value extends string>({ label, value, all, options, onChange }: SelectProps<Value>) {
  return (
    <label className="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value as Value)}>
        {all && <option value="">{all}</option>}
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
