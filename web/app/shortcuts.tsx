import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { PAGES } from '../../schema/pages.js';
import { t } from '../messages/t.js';
import { switchTheme } from '../theme/theme.js';
import { followKeys, type KeyMap } from './key-sequences.js';

/** After "g", the key of each page. */
const GO = {
  r: ['runs', 'shell.runs'],
  s: ['studies', 'shell.studies'],
  d: ['datasets', 'shell.datasets'],
  m: ['runners', 'shell.runners'],
  n: ['new', 'shell.new'],
  a: ['explorer', 'shell.api'],
} as const;

/** The keys that work on every page, and the list of them, which "?" opens. */
export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [, navigate] = useLocation();
  useEffect(() => {
    const keys: KeyMap = {
      '?': () => setIsOpen(true),
      '/': focusSearch,
      t: switchTheme,
      ...Object.fromEntries(Object.entries(GO).map(([key, [page]]) => [`g ${key}`, () => navigate(PAGES[page])])),
    };
    return followKeys(document, keys);
  }, [navigate]);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
  }, [isOpen]);
  if (!isOpen) return null;
  return (
    <dialog
      ref={dialog}
      className="confirm shortcuts"
      aria-label={t('shell.shortcuts')}
      onClose={() => setIsOpen(false)}
    >
      <h2>{t('shell.shortcuts')}</h2>
      <dl>
        <Shortcut keys={['?']} does={t('shell.shortcutHelp')} />
        <Shortcut keys={['/']} does={t('shell.shortcutSearch')} />
        <Shortcut keys={['t']} does={t('shell.shortcutTheme')} />
        {Object.entries(GO).map(([key, [, page]]) => (
          <Shortcut key={key} keys={['g', key]} does={t('shell.shortcutGo', { page: t(page) })} />
        ))}
        <Shortcut keys={['Tab']} does={t('shell.shortcutTab')} />
        <Shortcut keys={['←', '→']} does={t('shell.shortcutCursor')} />
        <Shortcut keys={['←', '→']} does={t('shell.shortcutTile')} />
        <Shortcut keys={['Esc']} does={t('shell.shortcutClose')} />
      </dl>
      <div className="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          {t('common.close')}
        </button>
      </div>
    </dialog>
  );
}

function Shortcut({ keys, does }: { keys: string[]; does: string }) {
  return (
    <div>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  );
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('main input[type="search"]')?.focus();
}
