/** A tab on the page of media. */
import type { Page } from '@playwright/test';
import { createDecipheriv } from 'node:crypto';
import { z } from 'zod';
import type { Command, Outcome } from './page/commands.ts';

/** What the page has put into its global scope. */
declare const engine: (command: Command) => Promise<Outcome>;
declare const save: (source: string) => Promise<unknown>;
declare const show: (source: string) => Promise<string>;

export const encryptedFileSchema = z.object({
  url: z.string().startsWith('mxc://'),
  key: z.object({ k: z.string() }),
  iv: z.string(),
});

export const pictureContentSchema = z.object({
  msgtype: z.string(),
  body: z.string(),
  filename: z.string(),
  file: encryptedFileSchema,
  info: z.object({
    mimetype: z.string(),
    size: z.number(),
    w: z.number(),
    h: z.number(),
    'xyz.amorgan.blurhash': z.string(),
    thumbnail_file: encryptedFileSchema,
    thumbnail_info: z.object({ w: z.number(), h: z.number() }),
  }),
});

export class MediaVisitor {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page and waits until the service worker answers for it, if the browser has one. */
  static async open(page: Page, address: string): Promise<MediaVisitor> {
    await page.goto(address);
    await page.locator('body[data-served]').waitFor();
    return new MediaVisitor(page);
  }

  command(command: Command): Promise<Outcome> {
    return this.page.evaluate((given) => engine(given), command);
  }

  async upload(bytes: Buffer, mimeType: string, name: string): Promise<Outcome> {
    return this.command({ type: 'upload', bytes: [...bytes], mimeType, name });
  }

  async save(source: string): Promise<void> {
    await this.page.evaluate((given) => save(given), source);
  }

  /** Size of the picture as the browser shows it, or `error`. */
  show(source: string): Promise<string> {
    return this.page.evaluate((given) => show(given), source);
  }

  /** A picture drawn by the browser: the left half red, the right half blue. */
  async draw(mimeType: string, width: number, height: number): Promise<Buffer> {
    const script = `(async () => {
      const canvas = new OffscreenCanvas(${width}, ${height});
      const context = canvas.getContext('2d');
      context.fillStyle = 'red'; context.fillRect(0, 0, ${width / 2}, ${height});
      context.fillStyle = 'blue'; context.fillRect(${width / 2}, 0, ${width / 2}, ${height});
      const blob = await canvas.convertToBlob({ type: '${mimeType}' });
      return [...new Uint8Array(await blob.arrayBuffer())];
    })()`;
    return Buffer.from(z.array(z.number()).parse(await this.page.evaluate(script)));
  }
}

/** Decrypts as any client would (client-server API, "Sending encrypted attachments"). */
export function decrypt(cipher: Buffer, file: z.infer<typeof encryptedFileSchema>): Buffer {
  const key = Buffer.from(file.key.k, 'base64url');
  return createDecipheriv('aes-256-ctr', key, Buffer.from(file.iv, 'base64')).update(cipher);
}
