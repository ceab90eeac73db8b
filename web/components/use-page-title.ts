import { useEffect } from 'react';
import { t } from '../messages/t.js';

/**
 * The title of the browser's tab while a page is shown, which screen readers also read first.
 * @param page what the page is about; null until that is known
 */
export function usePageTitle(page: string | null): void {
  useEffect(() => {
    document.title = page === null ? 'Crosscheck' : t('shell.title', { page });
  }, [page]);
}
