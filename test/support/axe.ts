import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core has against the page as it is shown now, a line a rule: none where everybody can use it. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
  )) as Violation[];
  return found.map(({ id, help, nodes }) => {
    const [first] = nodes;
    const where = `${first?.html.slice(0, 200)}: ${first?.failureSummary.replaceAll(/\s+/g, ' ')}`;
    return `${id}: ${help} (${nodes.length}): ${where}`;
  });
}
