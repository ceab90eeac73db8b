import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { CreateRegistrationTokenDocument } from '../../../schema/generated/web/graphql.js';
import { CopyBlock } from '../../components/copy-block.js';
import { Failure } from '../../components/notice.js';

const EXPIRES_IN_SECONDS = 24 * 3600;

/** How a machine becomes a runner: makes a registration token and shows the commands with it. */
export function AddRunner({ open }: { open: boolean }) {
  const [label, setLabel] = useState('');
  const [uses, setUses] = useState(1);
  const [{ data, error, fetching }, create] = useMutation(CreateRegistrationTokenDocument);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void create({ input: { label: label.trim(), uses, expiresInSeconds: EXPIRES_IN_SECONDS } });
  };
  const made = data?.createRegistrationToken;
  return (
    <details className="panel" open={open || undefined}>
      <summary>
        <h2>How to add a runner</h2>
      </summary>
      <form onSubmit={submit} className="filters">
        <label className="field grow">
          <span>Which machine</span>
          <input
            required
            value={label}
            placeholder="gpu-box in room 4"
            onChange={(event) => setLabel(event.target.value)}
          />
        </label>
        <label className="field">
          <span>Machines</span>
          <input
            type="number"
            min="1"
            max="1000"
            required
            value={uses}
            onChange={(event) => setUses(event.target.valueAsNumber)}
          />
        </label>
        <button type="submit" className="primary" disabled={fetching}>
          Make a registration token
        </button>
      </form>
      <Failure error={error} />
      {made && (
        <>
          <p>
            On that machine, in a checkout of Crosscheck (Node 20.19 or newer). The token is shown only now, and is
            valid for 24 hours.
          </p>
          <CopyBlock text={commands(location.origin, made.token)} />
          <p className="soft">
            The built-in <code>shapes</code> is always there; add <code>--data DIR</code> to <code>register</code> for a
            dataset folder of your own.
          </p>
        </>
      )}
    </details>
  );
}

function commands(server: string, token: string): string {
  return [
    'npm ci && npm run build',
    `npx crosscheck runner register --server ${server} --token ${token}`,
    'npx crosscheck runner start',
  ].join('\n');
}
