import { lazy, type ReactNode } from 'react';
import { PAGES } from '../../schema/pages.js';

/** A page about one object gets its id; for others it is ''. */
type Page = (props: { id: string }) => ReactNode;

/** Loads a page when it is opened. Its name is that of the component that its module exports. */
function page<Name extends string>(load: () => Promise<Record<Name, Page>>, name: Name): Route {
  return route(async () => (await load())[name]);
}

interface Route {
  Page: Page;
  /** Loads the page without showing it. */
  preload: () => void;
}

function route(load: () => Promise<Page>): Route {
  return {
    Page: lazy(async () => ({ default: await load() })),
    // A failure is shown when the page is opened.
    preload: () => void load().catch(() => {}),
  };
}

/** The page of each path. Pages are loaded on their own, so that the first one is shown soon. */
export const ROUTES: Record<keyof typeof PAGES, Route> = {
  runs: page(() => import('../pages/runs/runs-page.js'), 'RunsPage'),
  run: page(() => import('../pages/run/run-page.js'), 'RunPage'),
  compare: page(() => import('../pages/compare/compare-page.js'), 'ComparePage'),
  studies: page(() => import('../pages/studies/studies-page.js'), 'StudiesPage'),
  study: page(() => import('../pages/studies/study-page.js'), 'StudyPage'),
  datasets: page(() => import('../pages/datasets/datasets-page.js'), 'DatasetsPage'),
  dataset: page(() => import('../pages/datasets/dataset-page.js'), 'DatasetPage'),
  runners: page(() => import('../pages/runners/runners-page.js'), 'RunnersPage'),
  new: page(() => import('../pages/new/new-page.js'), 'NewPage'),
  explorer: page(() => import('../pages/explorer/explorer-page.js'), 'ExplorerPage'),
};
