import { type FormEvent, useState } from 'react';
import { replaceToken, storedToken } from '../api/token.js';
import { CodeBlock } from '../components/code-block.js';
import { usePageTitle } from '../components/use-page-title.js';
import { t } from '../messages/t.js';

/** Shown when the server requires a token, or rejects the one stored in this browser. */
export function TokenPage() {
  usePageTitle(t('token.title'));
  const [token, setToken] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim()) replaceToken(token);
  };
  return (
    <section className="narrow panel">
      <h1>{t('token.title')}</h1>
      <p>
        {storedToken() ? t('token.rejected') : t('token.required')} {t('token.create')}
      </p>
      <CodeBlock text='npx crosscheck token create --kind user --label "my name"' />
      <form onSubmit={submit} className="stack">
        <label className="field">
          <span>{t('token.field')}</span>
          <input
            type="password"
            autoComplete="current-password"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <div>
          <button type="submit" className="primary" disabled={!token.trim()}>
            {t('token.signIn')}
          </button>
        </div>
        <p className="hint">{t('token.stored')}</p>
      </form>
    </section>
  );
}
