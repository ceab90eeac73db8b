import { useId } from 'react';
import { Choice } from '../components/choice.js';
import { chooseLanguage, LANGUAGES, type Language, useLanguage } from '../messages/language.js';
import { t } from '../messages/t.js';
import { chooseTheme, useTheme } from '../theme/theme.js';

const LANGUAGE_CHOICES = Object.entries(LANGUAGES) as [Language, string][];

/** The menu in the header for what each browser remembers: the language, and light or dark. */
export function Preferences() {
  const id = useId();
  const language = useLanguage();
  const theme = useTheme();
  return (
    <>
      <button
        type="button"
        className="icon"
        popoverTarget={id}
        aria-label={t('shell.settings')}
        title={t('shell.settings')}
      >
        <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
          <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="1.8" />
          <path d="M12 3a9 9 0 0 1 0 18z" fill="currentColor" />
        </svg>
      </button>
      <section id={id} popover="auto" className="menu" aria-label={t('shell.settings')}>
        <Choice
          label={t('shell.language')}
          value={language}
          onChange={(chosen) => void chooseLanguage(chosen)}
          options={LANGUAGE_CHOICES}
        />
        <Choice
          label={t('shell.theme')}
          value={theme}
          onChange={chooseTheme}
          options={[
            ['system', t('shell.themeSystem')],
            ['light', t('shell.themeLight')],
            ['dark', t('shell.themeDark')],
          ]}
        />
      </section>
    </>
  );
}
