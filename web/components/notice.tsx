import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { explain } from '../api/errors.js';

interface FailureProps {
  error: CombinedError | undefined;
  /** Whether somebody tried to change something. */
  ofAction?: boolean;
}

/** Shows an error in the server's words. */
export function Failure({ error, ofAction }: FailureProps) {
  if (!error) return null;
  return (
    <p className="notice notice-bad" role="alert">
      {explain(error, ofAction)}
    </p>
  );
}

/** An empty state, and what to do about it. */
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
