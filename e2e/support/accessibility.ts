import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

/**
 * What axe-core finds wrong with a page as it is shown now, each with the elements that have it. Rules of WCAG 2.2 A and AA, and
 * best practices.
 */
export async function violationsOf(page: Page): Promise<string[]> {
  // Evaluated, because the policy of our pages forbids foreign scripts.
  await page.evaluate(axe.source);
  const violations = (await page.evaluate('axe.run(document).then(({ violations }) => violations)')) as Violation[];
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

/** By how many pixels a page is wider than its window; 0 if it fits. */
export async function overflowOf(page: Page): Promise<number> {
  return (await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')) as number;
}
