/** Notices of the operating system, as a test sees them. */
import type { Page } from '@playwright/test';
import { z } from 'zod';

/** Stands for the operating system, which a browser without windows does not have. */
export const system = `
  globalThis.notices = [];
  globalThis.Notification = class extends EventTarget {
    static get permission() { return localStorage.getItem('test.permission') ?? 'default'; }
    static async requestPermission() {
      localStorage.setItem('test.permission', navigator.userActivation.isActive ? 'granted' : 'denied');
      return this.permission;
    }
    constructor(title, options) {
      super();
      Object.assign(this, { title, ...options });
      notices.push(this);
    }
    close() { notices = notices.filter((other) => other !== this); }
  };`;
const noticeSchema = z.object({ title: z.string(), body: z.string(), silent: z.boolean() });

export async function noticesOf(page: Page): Promise<z.infer<typeof noticeSchema>[]> {
  const notices = 'notices.map(({ title, body, silent }) => ({ title, body, silent }))';
  return z.array(noticeSchema).parse(await page.evaluate(notices));
}

/** As when another window lies before it. */
export async function setSight(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'))`);
}
