import type { Stories } from '../stories/stories.js';
import { ErrorBoundary } from './error-boundary.js';

/** A boundary that has caught an error: throwing one would print it. */
class Caught extends ErrorBoundary {
  override state = { error: new Error('the value is not a number') };
}

class Outdated extends ErrorBoundary {
  override state = { error: new TypeError('Failed to fetch dynamically imported module: run-page.js') };
}

export const stories: Stories = {
  'no error': () => <ErrorBoundary>What is inside.</ErrorBoundary>,
  page: () => <Caught>What is inside.</Caught>,
  part: () => <Caught isPart>What is inside.</Caught>,
  'a page of another version': () => <Outdated>What is inside.</Outdated>,
};
