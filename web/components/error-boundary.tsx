import { Component, type ReactNode } from 'react';

interface Props {
  children: ReactNode;
}

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
    return (
      <div className="notice notice-bad" role="alert">
        <p>This page cannot be shown because of an error in the dashboard: {error.message}</p>
        <button type="button" onClick={() => this.setState({ error: null })}>
          Try again
        </button>
      </div>
    );
  }
}
