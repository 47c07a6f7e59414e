/** What an accessibility checker finds on the page that is serious. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** A line each; none is what is wanted. With `only`: by these rules alone. */
export async function findSerious(page: Page, only?: readonly string[]): Promise<string[]> {
  const checker = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (only === undefined ? checker : checker.withRules([...only])).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
