import { useDeferredValue } from 'react';
import { useQuery } from 'urql';
import { RunFilterChoicesDocument } from '../../../schema/generated/web/graphql.js';
import { METHOD_LABELS } from '../../../schema/run-config.js';
import { RUN_STATES } from '../../../schema/run-states.js';
import { useUrlState } from '../../components/use-url-state.js';
import { NoRuns } from './no-runs.js';
import { FIRST_ORDER, ORDERS, toCondition, toSort, withoutArchived } from './run-filters.js';
import { RunList } from './run-list.js';

export function RunsPage() {
  const [study, setStudy] = useUrlState('study', '');
  const [state, setState] = useUrlState('state', '');
  const [method, setMethod] = useUrlState('method', '');
  const [tag, setTag] = useUrlState('tag', '');
  const [text, setText] = useUrlState('text', '');
  const [archived, setArchived] = useUrlState('archived', '');
  const [order, setOrder] = useUrlState('order', FIRST_ORDER);
  const [{ data }] = useQuery({ query: RunFilterChoicesDocument });
  const condition = toCondition({ study, state, method, tag, text: useDeferredValue(text), order });
  const studies = data?.studies.edges.map(({ node }) => [node.id, node.name] as const) ?? [];
  return (
    <>
      <h1>Runs</h1>
      <search className="filters">
        <label className="field grow">
          <span>Search</span>
          <input
            type="search"
            value={text}
            placeholder="name, or miou > 70%"
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <Select
          label="State"
          value={state}
          all="All states"
          onChange={setState}
          options={RUN_STATES.map((s) => [s, stateWord(s)])}
        />
        <Select
          label="Method"
          value={method}
          all="All methods"
          onChange={setMethod}
          options={Object.entries(METHOD_LABELS)}
        />
        <Select label="Study" value={study} all="All studies" onChange={setStudy} options={studies} />
        <label className="field">
          <span>Tags</span>
          <input value={tag} placeholder="must have all" onChange={(event) => setTag(event.target.value)} />
        </label>
        <Select label="Archived" value={archived} all="Hidden" onChange={setArchived} options={[['yes', 'Shown']]} />
        <Select label="Order" value={order} onChange={setOrder} options={ORDERS} />
      </search>
      <RunList
        condition={archived ? condition : withoutArchived(condition)}
        sort={toSort(order)}
        studyId={study || null}
        empty={<NoRuns condition={condition} archivedAreHidden={!archived} onShowArchived={() => setArchived('yes')} />}
      />
    </>
  );
}

function stateWord(state: string): string {
  return state.charAt(0) + state.slice(1).toLowerCase();
}

interface SelectProps {
  label: string;
  value: string;
  /** The label for no choice; omitted when the user must choose one. */
  all?: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}

function Select({ label, value, all, options, onChange }: SelectProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
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
