import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { explain } from '../api/errors.js';

/** Something that the page could not do, in the server's words. */
export function Failure({ error }: { error: CombinedError | undefined }) {
  if (!error) return null;
  return (
    <p className="notice notice-bad" role="alert">
      {explain(error)}
    </p>
  );
}

/** A place where there is nothing yet, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

export function Loading() {
  return (
    <p className="loading" aria-live="polite">
      Loading…
    </p>
  );
}
