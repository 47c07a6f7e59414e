/** What an accessibility checker finds on the page that is serious. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** A line each; none is what is wanted. */
export async function findSerious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
