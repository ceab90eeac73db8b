/** The server's settings as a block of text for `crosscheck server --help`. */
export function settingsHelp(): string {
  return 'Settings: see server/env.ts';
}
