import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { CreateRegistrationTokenDocument } from '../../../schema/generated/web/graphql.js';
import { serverAddress } from '../../api/base.js';
import { CopyBlock } from '../../components/copy-block.js';
import { Failure } from '../../components/notice.js';

const EXPIRES_IN_SECONDS = 24 * 3600;

/** Creates a registration token and shows the commands that make a machine a runner. */
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
        <h2>Add a runner</h2>
      </summary>
      <form onSubmit={submit} className="filters">
        <label className="field grow">
          <span>Label</span>
          <input
            required
            value={label}
            placeholder="gpu-box in room 4"
            onChange={(event) => setLabel(event.target.value)}
          />
        </label>
        <label className="field">
          <span>Number of machines</span>
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
          Create registration token
        </button>
      </form>
      <Failure error={error} ofAction />
      {made && (
        <>
          <p>
            Run these commands on the new machine, in a checkout of Crosscheck (Node 20.19 or newer). The token is shown
            only once and is valid for 24 hours.
          </p>
          <CopyBlock text={commands(serverAddress, made.token)} />
          {isLoopback(location.hostname) && (
            <p>
              Another machine cannot reach <code>{serverAddress}</code>: replace it with the server's address, and start
              the server with <code>HOST</code> set so that others can reach it.
            </p>
          )}
          <p className="soft">
            The built-in datasets <code>shapes</code> and <code>shapes_longtail</code> are always available. To add your
            own dataset folder, pass <code>--data DIR</code> to <code>register</code>.
          </p>
        </>
      )}
    </details>
  );
}

/** Whether only this machine reaches that host. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

function commands(server: string, token: string): string {
  return [
    'npm ci && npm run build',
    `CROSSCHECK_REGISTRATION_TOKEN=${token} npx crosscheck runner register --server ${server}`,
    'npx crosscheck runner start',
  ].join('\n');
}
