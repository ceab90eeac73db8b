import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { explain } from '../api/errors.js';
import { t } from '../messages/t.js';

interface FailureProps {
  error: CombinedError | undefined;
  /** Whether somebody tried to change something. */
  ofAction?: boolean;
}

/** Shows an error, in the language of the page if it is known there. */
export function Failure({ error, ofAction }: FailureProps) {
  if (!error) return null;
  return (
    <p className="notice notice-bad" role="alert">
      {explain(error, ofAction)}
    </p>
  );
}

interface EmptyProps {
  title: string;
  /** Whether the page shows nothing else, so that this is its heading. */
  isPage?: boolean;
  children?: ReactNode;
}

/** An empty state, and what to do about it. */
export function Empty({ title, isPage = false, children }: EmptyProps) {
  const Title = isPage ? 'h1' : 'p';
  return (
    <div className="empty">
      <Title className="empty-title">{title}</Title>
      {children}
    </div>
  );
}

export function Loading() {
  return (
    <p className="loading" aria-live="polite">
      {t('common.loading')}
    </p>
  );
}
