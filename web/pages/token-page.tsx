import { type FormEvent, useState } from 'react';
import { replaceToken, storedToken } from '../api/token.js';

/** Shown when the server requires a token, or rejects the one stored in this browser. */
export function TokenPage() {
  const [token, setToken] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim()) replaceToken(token);
  };
  return (
    <section className="narrow panel">
      <h1>Sign in with a token</h1>
      <p>
        {storedToken()
          ? 'The server does not accept the token stored in this browser. It may have expired or been revoked.'
          : 'This server requires a user token.'}{' '}
        The server's administrator can create one with:
      </p>
      <pre className="code-block">
        <code>npx crosscheck token create --kind user --label "my name"</code>
      </pre>
      <form onSubmit={submit} className="stack">
        <label className="field">
          <span>User token</span>
          <input
            type="password"
            autoComplete="current-password"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <div>
          <button type="submit" className="primary" disabled={!token.trim()}>
            Sign in
          </button>
        </div>
        <p className="hint">The token is stored only in this browser.</p>
      </form>
    </section>
  );
}
