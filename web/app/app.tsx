import { Suspense } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { PAGES } from '../../schema/pages.js';
import { useConnection } from '../api/connection.js';
import { ErrorBoundary } from '../components/error-boundary.js';
import { Empty, Loading } from '../components/notice.js';
import { usePageTitle } from '../components/use-page-title.js';
import { useLanguage } from '../messages/language.js';
import { t } from '../messages/t.js';
import { TokenPage } from '../pages/token-page.js';
import { ConnectionBar } from './connection-bar.js';
import { Header } from './header.js';
import { ROUTES } from './routes.js';
import { Shortcuts } from './shortcuts.js';

/** Drawn again in another language: every text may differ. */
export function App() {
  return <Shell key={useLanguage()} />;
}

function Shell() {
  const { state } = useConnection();
  return (
    <>
      <a className="skip-link" href="#content">
        {t('shell.skip')}
      </a>
      <Header />
      <ConnectionBar />
      <main id="content" tabIndex={-1}>
        {state === 'refused' ? <TokenPage /> : <Pages />}
      </main>
      <Shortcuts />
    </>
  );
}

/** Each page has its own boundary, so that the way to the other pages stays. */
function Pages() {
  const [path] = useLocation();
  return (
    <ErrorBoundary key={path}>
      <Suspense fallback={<Loading />}>
        <Switch>
          {(Object.keys(PAGES) as (keyof typeof PAGES)[]).map((name) => {
            const { Page } = ROUTES[name];
            return (
              <Route key={name} path={PAGES[name]}>
                {({ id = '' }: { id?: string }) => <Page key={id} id={id} />}
              </Route>
            );
          })}
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}

function NotFound() {
  usePageTitle(t('shell.pageNotFound'));
  return (
    <Empty isPage title={t('shell.pageNotFound')}>
      <Link href="/">{t('common.showAllRuns')}</Link>
    </Empty>
  );
}
