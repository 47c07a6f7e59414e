/** A field for numbers: what keys and typed texts make of it. */
import { expect, type Page } from '@playwright/test';
import { test } from '../support/stage.ts';

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const line = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
const command = (page: Page) => page.getByRole('status', { name: 'Command' });
const changed = (page: Page) => page.getByRole('status', { name: 'Changed' });

test('arrows go by the step, or by the last digit, ten times as far with Shift', async ({ show }) => {
  const page = await show('new-run/field-row');
  const size = field(page, 'Image size');
  await size.press('ArrowUp');
  await expect(size).toHaveValue('34');
  await size.press('Shift+ArrowDown');
  await expect(size).toHaveValue('14');
  const rate = field(page, 'Learning rate');
  await rate.press('ArrowUp');
  await expect(rate).toHaveValue('2e-4');
  await rate.fill('0.25');
  await rate.press('ArrowDown');
  await expect(rate).toHaveValue('0.24');
  await expect(command(page)).toHaveText('npm start -- train images --set imageSize=14 --set learningRate=0.24');
  // No number to go from: the key does what it does in any text.
  await rate.fill('fast');
  await rate.press('ArrowUp');
  await expect(rate).toHaveValue('fast');
});

test('a broken rule stands at the field, is described to it, and leaves no command', async ({ show }) => {
  const page = await show('new-run/field-row');
  const size = field(page, 'Image size');
  for (const text of ['33', '', '66', '1e', '0x20', '8,5']) {
    await size.fill(text);
    await expect(size).toHaveAttribute('aria-invalid', 'true');
    await expect(size).toHaveAccessibleDescription(/^a multiple of 2 from 4 to 64/);
    await expect(command(page)).toHaveText('none');
  }
  await size.fill(' 3.2e1 ');
  await expect(size).toHaveAttribute('aria-invalid', 'false');
  await expect(command(page)).toHaveText('npm start -- train images');
});

test('what is written otherwise but says the same is not changed; what is can be reset', async ({ show }) => {
  const page = await show('new-run/field-row');
  const rate = field(page, 'Learning rate');
  await expect(rate).toHaveValue('1e-4');
  await rate.fill('0.0001');
  await expect(changed(page)).toBeEmpty();
  await expect(line(page, 'Learning rate')).toContainText('the paper’s value');
  await rate.fill('3e-4');
  await expect(changed(page)).toHaveText('learningRate');
  await expect(line(page, 'Learning rate')).not.toContainText('the paper’s value');
  await rate.press('Tab');
  const reset = page.getByRole('button', { name: 'Reset Learning rate to 1e-4' });
  await expect(reset).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rate).toHaveValue('1e-4');
  await expect(changed(page)).toBeEmpty();
});
