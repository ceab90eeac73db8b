import { lazy, Suspense } from 'react';
import { Link, Route, Switch, useLocation, useRoute } from 'wouter';
import { PAGES } from '../schema/pages.js';
import { addressOf } from './api/base.js';
import { useConnection } from './api/connection.js';
import { ErrorBoundary } from './components/error-boundary.js';
import { LiveMark } from './components/live-mark.js';
import { Empty, Loading } from './components/notice.js';
import { SignOut } from './components/sign-out.js';
import { ComparePage } from './pages/compare/compare-page.js';
import { DatasetPage } from './pages/datasets/dataset-page.js';
import { DatasetsPage } from './pages/datasets/datasets-page.js';
import { NewPage } from './pages/new/new-page.js';
import { RunPage } from './pages/run/run-page.js';
import { RunnersPage } from './pages/runners/runners-page.js';
import { RunsPage } from './pages/runs/runs-page.js';
import { StudiesPage } from './pages/studies/studies-page.js';
import { StudyPage } from './pages/studies/study-page.js';
import { TokenPage } from './pages/token-page.js';

// Larger than everything else together, so it is loaded only when it is opened.
const ExplorerPage = lazy(() => import('./pages/explorer/explorer-page.js'));

export function App() {
  const { state } = useConnection();
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <header className="shell">
        <Link href="/" className="brand">
          <img src={addressOf('/favicon.svg')} alt="" width="22" height="22" />
          Crosscheck
        </Link>
        <nav aria-label="Main">
          <NavLink href="/" also="/runs/*" text="Runs" />
          <NavLink href="/studies" also="/studies/*" text="Studies" />
          <NavLink href="/datasets" also="/datasets/*" text="Datasets" />
          <NavLink href="/runners" also="/runners" text="Runners" />
          <NavLink href={PAGES.explorer} also={PAGES.explorer} text="API" />
        </nav>
        <LiveMark />
        <SignOut />
        <Link href="/new" className="button primary">
          New
        </Link>
      </header>
      <main id="content">{state === 'refused' ? <TokenPage /> : <Pages />}</main>
    </>
  );
}

function NavLink({ href, also, text }: { href: string; also: string; text: string }) {
  const [exact] = useRoute(href);
  const [within] = useRoute(also);
  return (
    <Link href={href} aria-current={exact || within ? 'page' : undefined}>
      {text}
    </Link>
  );
}

/** Each page has its own boundary, so that the way to the other pages stays. */
function Pages() {
  const [path] = useLocation();
  return (
    <ErrorBoundary key={path}>
      <PageAt />
    </ErrorBoundary>
  );
}

function PageAt() {
  return (
    <Switch>
      <Route path={PAGES.runs} component={RunsPage} />
      <Route path={PAGES.run}>{({ id }) => <RunPage key={id} id={id} />}</Route>
      <Route path={PAGES.compare} component={ComparePage} />
      <Route path={PAGES.studies} component={StudiesPage} />
      <Route path={PAGES.study}>{({ id }) => <StudyPage key={id} id={id} />}</Route>
      <Route path={PAGES.datasets} component={DatasetsPage} />
      <Route path={PAGES.dataset}>{({ id }) => <DatasetPage key={id} id={id} />}</Route>
      <Route path={PAGES.runners} component={RunnersPage} />
      <Route path={PAGES.new} component={NewPage} />
      <Route path={PAGES.explorer}>
        <Suspense fallback={<Loading />}>
          <ExplorerPage />
        </Suspense>
      </Route>
      <Route>
        <Empty title="Page not found.">
          <Link href="/">Show all runs</Link>
        </Empty>
      </Route>
    </Switch>
  );
}
