import { useSyncExternalStore } from 'react';

const query = matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Whether the page is dark. Follows the system setting. */
export function useDarkPage(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
