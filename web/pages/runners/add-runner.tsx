import { type FormEvent, type ReactNode, useState } from 'react';
import { useMutation } from 'urql';
import { CreateRegistrationTokenDocument } from '../../../schema/generated/web/graphql.js';
import { serverAddress } from '../../api/base.js';
import { CopyBlock } from '../../components/copy-block.js';
import { Failure } from '../../components/notice.js';
import { t } from '../../messages/t.js';
import { Text } from '../../messages/text.js';

const EXPIRES_IN_SECONDS = 24 * 3600;

const code = (text: ReactNode) => <code>{text}</code>;

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
        <h2>{t('runners.add')}</h2>
      </summary>
      <form onSubmit={submit} className="filters">
        <label className="field grow">
          <span>{t('runners.label')}</span>
          <input
            required
            value={label}
            placeholder={t('runners.labelHint')}
            onChange={(event) => setLabel(event.target.value)}
          />
        </label>
        <label className="field">
          <span>{t('runners.machines')}</span>
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
          {t('runners.createToken')}
        </button>
      </form>
      <Failure error={error} ofAction />
      {made && (
        <>
          <p>{t('runners.commands')}</p>
          <CopyBlock text={commands(serverAddress, made.token)} />
          {isLoopback(location.hostname) && (
            <p>
              <Text id="runners.loopback" values={{ address: serverAddress, code, host: code }} />
            </p>
          )}
          <p className="soft">
            <Text id="runners.ownData" values={{ code }} />
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
