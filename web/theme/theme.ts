import { useSyncExternalStore } from 'react';

/** What can be chosen. `system` follows the setting of the operating system. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'crosscheck.theme';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let theme: Theme = THEMES.find((each) => each === localStorage.getItem(STORAGE_KEY)) ?? 'system';

const isDark = (): boolean => (theme === 'system' ? systemIsDark.matches : theme === 'dark');

/** The styles depend on this attribute alone (styles/tokens.css). */
function apply(): void {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

apply();
systemIsDark.addEventListener('change', apply);

/** Shows all pages light or dark, now and whenever this browser opens them. */
export function chooseTheme(chosen: Theme): void {
  theme = chosen;
  if (chosen === 'system') localStorage.removeItem(STORAGE_KEY);
  else localStorage.setItem(STORAGE_KEY, chosen);
  apply();
}

/** From dark to light or from light to dark, whatever the system says. */
export function switchTheme(): void {
  chooseTheme(isDark() ? 'light' : 'dark');
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What was chosen. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => theme);
}

/** Whether the page is dark now. For what styles cannot reach, such as a canvas. */
export function useDarkPage(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}
