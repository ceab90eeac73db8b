import { useCallback, useMemo } from 'react';
import { useSearch } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { type UrlPart, withPart } from './url-parts.js';

/**
 * A setting of a page that is kept in its address, so that it survives a reload and can be shared as a link. All settings of pages
 * are kept this way, except what would be wrong for someone else, such as the language. Changing it makes no entry in the browser's
 * history, so that "back" leads to the page before.
 * @param part a constant: how the value is written (url-parts.ts)
 */
export function useUrlState<Value>(name: string, part: UrlPart<Value>): [Value, (value: Value) => void] {
  const search = useSearch();
  const written = useMemo(() => new URLSearchParams(search).get(name), [search, name]);
  const value = useMemo(() => part.read(written), [part, written]);
  const set = useCallback(
    (next: Value) => {
      // From the address as it is now, and not as it was drawn: several settings may change at once.
      const { pathname, search, hash } = window.location;
      navigate(pathname + withPart(search, name, part, next) + hash, { replace: true });
    },
    [name, part],
  );
  return [value, set];
}
