import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { Seat } from './seat.ts';
import { visitor } from './stack.ts';

const miriam = visitor('land.hessen.test', 'miriam.sauer');
const lars = visitor('polizei.hessen.test', 'lars.weidemann');

const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
};

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

for (const [device, size] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`sign-in, list, room and people search are accessible (${device}, ${colorScheme})`, async ({ browser }) => {
      const visit = await browser.newContext({ viewport: size, colorScheme, locale: 'de-DE' });
      const signInPage = await visit.newPage();
      await signInPage.goto(lars.clientUrl);
      await expect(signInPage.getByLabel('Dienstkennung')).toBeVisible();
      expect(await violationsOf(signInPage)).toEqual([]);
      await visit.close();

      const seat = await Seat.signIn(browser, miriam, { viewport: size, colorScheme });
      expect(await violationsOf(seat.page)).toEqual([]);
      await seat.openRoom('Hochwasserschutz Eder 2027');
      expect(await violationsOf(seat.page)).toEqual([]);
      if (device === 'phone') await seat.page.getByRole('button', { name: 'Zurück' }).click();
      await seat.searchPeople('bolte');
      await expect(seat.page.getByRole('option').first()).toBeVisible();
      expect(await violationsOf(seat.page)).toEqual([]);
      await seat.close();
    });
  }
}
