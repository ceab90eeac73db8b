import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../cli/doctor/chromium.js';

/** Starts the machine's own Chromium, without requests of its own. @throws Error if it is not installed */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('Chromium is missing: install it, or set CHROMIUM to its path');
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
