import { useEffect, useRef } from 'react';
import type { CombinedError } from 'urql';
import { fieldProblems } from '../api/errors.js';
import { t } from '../messages/t.js';
import { Failure } from './notice.js';

/** Tells the user that the server rejected a form, and focuses the first invalid field. */
export function Refusal({ error }: { error: CombinedError | undefined }) {
  const place = useRef<HTMLDivElement>(null);
  const count = fieldProblems(error).length;
  useEffect(() => {
    if (error) place.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return (
    <div ref={place}>
      {count > 0 ? (
        <p className="notice notice-bad" role="alert">
          {t('errors.refused', { count })}
        </p>
      ) : (
        <Failure error={error} ofAction />
      )}
    </div>
  );
}
