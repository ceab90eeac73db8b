import { Component, type ReactNode } from 'react';
import { t } from '../messages/t.js';

interface Props {
  children: ReactNode;
  /** Only a part of the page is inside. */
  isPart?: boolean;
}

/** What browsers say when a module cannot be loaded: the server has another version, or does not answer. */
const CANNOT_LOAD = /dynamically imported module|module script failed|Unable to preload/i;

/**
 * Shows what went wrong in place of a part of the page that cannot be drawn. Without it, React would remove the whole page,
 * and one bad value would hide everything else for good.
 */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    const isOutdated = CANNOT_LOAD.test(error.message);
    const said = t(this.props.isPart ? 'shell.brokenPart' : 'shell.broken', { error: error.message });
    return (
      <div className="notice notice-bad" role="alert">
        <p>{isOutdated ? t('shell.outdated') : said}</p>
        {isOutdated ? (
          <button type="button" onClick={() => location.reload()}>
            {t('common.reload')}
          </button>
        ) : (
          <button type="button" onClick={() => this.setState({ error: null })}>
            {t('common.tryAgain')}
          </button>
        )}
      </div>
    );
  }
}
