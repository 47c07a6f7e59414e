import { expect, test } from '@playwright/test';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeEach(async () => {
  workbench = await openWorkbench();
});
test.afterEach(() => workbench.close());

test('opens, reaches its host, and complains about nothing', async () => {
  const { page, complaints } = workbench;
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
  await expect(page.getByText('host', { exact: true })).toBeVisible();
  expect(complaints).toEqual([]);
});
