/**
 * A person at a browser of its own: what the person does, in the words of the German user interface.
 */
import {
  expect,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from '@playwright/test';
import { z } from 'zod';
import { localpartOf } from '#contract/ids.ts';
import type { StackPerson } from '#stack/stack-file.ts';
import { passphraseOf } from '../harness/passphrase.ts';
import type { Visitor } from './visitor.ts';

/** Gives the picture's bytes as base64. Runs in the page. */
const drawnPicture = `(() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 240, height: 160 });
  const context = canvas.getContext('2d');
  context.fillStyle = '#2a6f97';
  context.fillRect(20, 20, 120, 80);
  return canvas.toDataURL('image/png').split(',')[1];
})()`;

/** How Chromium reports what the policy stopped, Trusted Types included. */
const isViolation = /Content Security Policy|requires 'Trusted/;

/** The homeserver lets one account sign in ten times in a row and then every ten seconds; the client waits. */
const signInMsMax = 60_000;

export class Seat {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #violations: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('console', (message) => {
      if (isViolation.test(message.text())) this.#violations.push(`${message.text()} ${message.location().url}`);
    });
  }

  /** Opens the client in a fresh profile and signs the person in. */
  static async signIn(
    browser: Browser,
    { person, clientUrl }: Visitor,
    device: BrowserContextOptions = {},
    /** Runs in each page before the client. */
    script?: string,
  ): Promise<Seat> {
    const context = await browser.newContext({ locale: 'de-DE', ...device });
    if (script !== undefined) await context.addInitScript(script);
    const seat = await Seat.in(context);
    await seat.page.goto(clientUrl);
    await seat.fillSignIn(person);
    await seat.submitSignIn();
    await seat.secure(person);
    await expect(seat.list).toBeVisible();
    return seat;
  }

  /** Sits down at a browser that shows nothing yet. */
  static async in(context: BrowserContext): Promise<Seat> {
    return new Seat(context, await context.newPage());
  }

  /** Another tab of the same browser, with the same room open. */
  async openTab(): Promise<Seat> {
    const tab = await this.anotherTab();
    await expect(tab.page.getByRole('textbox', { name: /^Nachricht an / })).toBeVisible();
    return tab;
  }

  /** The tab's process ends, as it does when memory runs out. */
  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash');
    const session = await this.#context.newCDPSession(this.page);
    void session.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  async fillSignIn(person: Pick<StackPerson, 'userId' | 'password'>): Promise<void> {
    await this.page.getByLabel('Dienstkennung').fill(localpartOf(person.userId));
    await this.page.getByLabel('Passwort', { exact: true }).fill(person.password);
  }

  async shareComputer(): Promise<void> {
    await this.page.getByRole('radio', { name: 'Dieser Computer wird gemeinsam genutzt' }).check({ force: true });
  }

  async submitSignIn(): Promise<void> {
    await this.page.getByRole('button', { name: 'Anmelden' }).click();
  }

  /** Another tab of the same browser. */
  async anotherTab(): Promise<Seat> {
    const seat = await Seat.in(this.#context);
    await seat.page.goto(this.page.url());
    return seat;
  }

  get list(): Locator {
    return this.page.getByRole('navigation', { name: 'Chats und Räume' });
  }

  /** The one step after signing in on a new device: the first one of a person secures, each later one recovers. */
  async secure({ userId }: StackPerson): Promise<void> {
    const passphrase = passphraseOf(userId);
    const first = this.page.getByRole('button', { name: 'Lieber eine Passphrase wählen' });
    const later = this.page.getByLabel('Wiederherstellungscode oder Passphrase');
    await first.or(later).waitFor({ timeout: signInMsMax });
    if (await first.isVisible()) {
      await first.click();
      await this.page.getByLabel('Eigene Passphrase').fill(passphrase);
      await this.page.getByLabel('Passphrase wiederholen').fill(passphrase);
      await this.page.getByRole('button', { name: 'Passphrase verwenden' }).click();
    } else {
      await later.fill(passphrase);
      await this.page.getByRole('button', { name: 'Nachrichten öffnen' }).click();
    }
    await first.or(later).waitFor({ state: 'detached' });
  }

  /** Puts that step off. */
  async postpone(): Promise<void> {
    await this.page.getByRole('button', { name: /^Später (einrichten|bestätigen)$/ }).click({ timeout: signInMsMax });
    await expect(this.list).toBeVisible();
  }

  /** What the page's security policy stopped so far; nothing, if the client is sound. */
  get violations(): readonly string[] {
    return this.#violations;
  }

  async filterList(words: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Liste filtern' }).fill(words);
  }

  async openRoom(name: string): Promise<void> {
    await this.filterList(name);
    await this.room(name).first().click();
    await expect(this.page.getByRole('main').getByRole('heading', { name: beginningWith(name) })).toBeVisible();
  }

  room(name: string): Locator {
    return this.list.getByRole('link', { name });
  }

  async write(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: /^Nachricht an / }).fill(text);
  }

  async send(text: string): Promise<void> {
    await this.write(text);
    await this.page.keyboard.press('Enter');
  }

  /** Opens a message's menu by the keyboard and chooses from it. */
  async chooseFor(message: Locator, entry: string): Promise<void> {
    await message.press('Enter');
    const menu = this.page.getByRole('dialog', { name: /^Aktionen zur Nachricht/ });
    const [item, reaction] = [menu.getByRole('menuitem', { name: entry }), menu.getByRole('button', { name: entry })];
    await item.or(reaction).click();
  }

  reaction(emoji: string): Locator {
    return this.page.getByRole('list', { name: 'Reaktionen' }).getByRole('button', { name: emoji });
  }

  async answer(question: string, text: string): Promise<void> {
    await this.chooseFor(this.message(question), 'Antworten');
    await this.send(text);
  }

  /** A drawn picture of 240 × 160, as the browser takes files. */
  async drawPicture(name: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
    const drawn = z.string().parse(await this.page.evaluate(drawnPicture));
    return { name, mimeType: 'image/png', buffer: Buffer.from(drawn, 'base64') };
  }

  /** A drawn picture of 240 × 160 under this name. */
  async sendPicture(name: string): Promise<void> {
    await this.page.locator('input[type=file]').setInputFiles(await this.drawPicture(name));
    await this.page.getByRole('button', { name: 'Senden' }).click();
  }

  /** Waits until the picture itself is on the screen. */
  async seesPicture(name: string): Promise<void> {
    const picture = this.page.getByRole('article').getByRole('img', { name });
    await expect(picture).toHaveJSProperty('naturalWidth', 240);
  }

  message(text: string): Locator {
    return this.page.getByRole('article').filter({ hasText: text });
  }

  /** The mark of an own message. */
  mark(text: string, state: 'Wird gesendet' | 'Gesendet'): Locator {
    // “Wird gesendet” has “gesendet” in it.
    return this.message(text).getByText(state, { exact: true });
  }

  /** Opens the people search, unless it is open, and looks for these words. */
  async searchPeople(words: string): Promise<void> {
    const search = this.page.getByRole('combobox', { name: 'Person suchen' });
    if (!(await search.isVisible())) {
      await this.page.getByRole('button', { name: 'Neuer Chat' }).filter({ visible: true }).first().click();
    }
    await search.fill(words);
  }

  /** Several people, a name, begin. */
  async startGroup(name: string, people: readonly string[]): Promise<void> {
    await this.searchPeople('');
    await this.page.getByRole('button', { name: 'Gruppe mit mehreren Personen' }).click();
    for (const person of people) {
      await this.searchPeople(person);
      await this.page.getByRole('option', { name: new RegExp(person) }).click();
    }
    await this.page.getByLabel('Name der Gruppe').fill(name);
    await this.page.getByRole('button', { name: /^Gruppe mit \d+ Person(en)? beginnen$/ }).click();
    await expect(this.page.getByRole('main').getByRole('heading', { name, exact: true })).toBeVisible();
  }

  /** Three acts: new chat, search, choose. */
  async startDirectChat(words: string, name: string): Promise<void> {
    await this.searchPeople(words);
    await this.page.getByRole('option', { name: new RegExp(name) }).click();
    await expect(this.page.getByRole('main').getByRole('heading', { name, exact: true })).toBeVisible();
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: 'Einstellungen' }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Abmelden' }).click();
    await this.page.getByRole('alertdialog').getByRole('button', { name: 'Abmelden' }).click();
    await expect(this.page.getByLabel('Dienstkennung')).toBeVisible();
  }

  close(): Promise<void> {
    return this.#context.close();
  }
}

/** An invitation's heading has the room's name, too, but further back. */
function beginningWith(words: string): RegExp {
  return new RegExp(`^${words.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`);
}
