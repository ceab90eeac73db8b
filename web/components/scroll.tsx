import type { ReactNode } from 'react';
import { t } from '../messages/t.js';

/** A table that scrolls sideways where it is wider than the page: with the mouse, by touch, and with the arrow keys. */
export function Scroll({ children }: { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    // biome-ignore lint/a11y/noNoninteractiveTabindex: only what has the focus is scrolled by the keyboard
    <div className="scroll" role="group" aria-label={t('common.scrolls')} tabIndex={0}>
      {children}
    </div>
  );
}
