import { Link, useRoute } from 'wouter';
import { PAGES } from '../../schema/pages.js';
import { addressOf } from '../api/base.js';
import { LiveMark } from '../components/live-mark.js';
import { SignOut } from '../components/sign-out.js';
import type { MessageId } from '../messages/language.js';
import { t } from '../messages/t.js';
import { Preferences } from './preferences.js';
import { ROUTES } from './routes.js';

/** The pages of the menu, with what is below them. */
const MENU = [
  ['runs', 'shell.runs', '/runs/*'],
  ['studies', 'shell.studies', '/studies/*'],
  ['datasets', 'shell.datasets', '/datasets/*'],
  ['runners', 'shell.runners', PAGES.runners],
  ['explorer', 'shell.api', PAGES.explorer],
] as const satisfies [keyof typeof ROUTES, MessageId, string][];

export function Header() {
  const { preload } = ROUTES.new;
  return (
    <header className="shell">
      <Link href="/" className="brand">
        <img src={addressOf('/favicon.svg')} alt="" width="22" height="22" />
        Crosscheck
      </Link>
      <nav aria-label={t('shell.main')}>
        {MENU.map(([page, text, below]) => (
          <MenuLink key={page} page={page} text={t(text)} below={below} />
        ))}
      </nav>
      <LiveMark />
      <SignOut />
      <Preferences />
      <Link href="/new" className="button primary" onMouseEnter={preload} onFocus={preload}>
        {t('shell.new')}
      </Link>
    </header>
  );
}

function MenuLink({ page, text, below }: { page: (typeof MENU)[number][0]; text: string; below: string }) {
  const href = PAGES[page];
  const [exact] = useRoute(href);
  const [within] = useRoute(below);
  // GraphiQL is larger than everything else together, so it is loaded only when it is opened.
  const preload = page === 'explorer' ? undefined : ROUTES[page].preload;
  return (
    <Link href={href} aria-current={exact || within ? 'page' : undefined} onMouseEnter={preload} onFocus={preload}>
      {text}
    </Link>
  );
}
