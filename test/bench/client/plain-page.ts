/**
 * What the harness itself takes to turn the wheel over so many messages: in a page that has them all, as plain elements,
 * loads nothing and runs no script. No client can be faster.
 */
import type { BrowserContext } from '@playwright/test';
import { scrollBack } from './timed-acts.ts';

export interface PlainPage {
  readonly messages: number;
  /** Pixels from one message to the next. */
  readonly pitch: number;
  /** So many messages of the beginning count as reached before they are in sight, as the client loads them ahead. */
  readonly ahead: number;
}

/** @returns milliseconds from the end to the beginning. */
export async function scrollPlainPage(context: BrowserContext, { messages, pitch, ahead }: PlainPage): Promise<number> {
  const page = await context.newPage();
  try {
    await page.setContent(`<body style="margin: 0; overflow-anchor: none">
      ${`<article style="height: ${pitch}px">Nachricht</article>`.repeat(messages)}`);
    await page.evaluate(`scrollTo(0, document.documentElement.scrollHeight)`);
    return await scrollBack(page, `scrollY <= ${ahead * pitch}`);
  } finally {
    await page.close();
  }
}
