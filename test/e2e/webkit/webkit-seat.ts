/** A person at WebKit, which Playwright does not drive in the form that Debian builds: the acts of one journey. */
import { By, Key, until, type WebDriver, type WebElement } from 'selenium-webdriver';
import { localpartOf } from '#contract/ids.ts';
import type { StackPerson } from '#stack/stack-file.ts';
import { passphraseOf } from '../../harness/passphrase.ts';

const patienceMs = 20_000;

export class WebKitSeat {
  readonly #driver: WebDriver;

  constructor(driver: WebDriver) {
    this.#driver = driver;
  }

  /** In German, whatever language the machine speaks. */
  async open(address: string): Promise<void> {
    await this.#driver.get(address);
    await this.#driver.executeScript(`localStorage.setItem('landbote.language', 'de')`);
    await this.reload();
  }

  async reads(text: string): Promise<void> {
    await this.#find(`//*[normalize-space() = '${text}']`);
  }

  async signIn(person: StackPerson): Promise<void> {
    await this.#fill(field('Dienstkennung'), localpartOf(person.userId));
    await this.#fill(field('Passwort'), person.password);
    await this.#click(button('Anmelden'));
    await this.#secure(passphraseOf(person.userId));
  }

  /** As Seat.secure. */
  async #secure(passphrase: string): Promise<void> {
    const [first, later] = [button('Lieber eine Passphrase wählen'), field('Wiederherstellungscode oder Passphrase')];
    await this.#find(`${first} | ${later}`);
    if ((await this.#driver.findElements(By.xpath(first))).length > 0) {
      await this.#click(first);
      await this.#fill(field('Eigene Passphrase'), passphrase);
      await this.#fill(field('Passphrase wiederholen'), passphrase);
      await this.#click(button('Passphrase verwenden'));
    } else {
      await this.#fill(later, passphrase);
      await this.#click(button('Nachrichten öffnen'));
    }
    await this.#find(`//nav[@aria-label='Chats und Räume']`);
  }

  async openRoom(name: string): Promise<void> {
    await this.#click(`//nav[@aria-label='Chats und Räume']//a[contains(., '${name}')]`);
    await this.#find(`//main//h2[contains(., '${name}')]`);
  }

  async send(text: string): Promise<void> {
    await this.#fill(`//textarea[starts-with(@aria-label, 'Nachricht an ')]`, text + Key.ENTER);
  }

  async answer(question: string, text: string): Promise<void> {
    const message = await this.#find(article(question));
    await this.#driver.executeScript('arguments[0].focus()', message);
    await message.sendKeys(Key.ENTER);
    await this.#click(`//*[@role='menuitem'][contains(., 'Antworten')]`);
    await this.send(text);
  }

  /** @param path of a file on this machine. */
  async sendPicture(path: string): Promise<void> {
    await this.#driver.findElement(By.css('input[type=file]')).sendKeys(path);
    await this.#click(button('Senden'));
  }

  async sees(text: string): Promise<void> {
    await this.#driver.wait(until.elementIsVisible(await this.#find(article(text))), patienceMs);
  }

  async seesPicture(name: string): Promise<void> {
    const picture = await this.#find(`//article//img[@alt='${name}']`);
    await this.#driver.wait(
      () => this.#driver.executeScript('return arguments[0].naturalWidth > 0', picture),
      patienceMs,
    );
  }

  async reload(): Promise<void> {
    await this.#driver.navigate().refresh();
  }

  /** From now on the seat is in the new tab. */
  async anotherTab(): Promise<void> {
    const address = await this.#driver.getCurrentUrl();
    await this.#driver.switchTo().newWindow('tab');
    await this.#driver.get(address);
  }

  async signOut(): Promise<void> {
    await this.#click(`//button[@aria-label='Einstellungen']`);
    await this.#click(button('Abmelden'));
    await this.#click(`//*[@role='alertdialog']${button('Abmelden')}`);
    await this.seesSignIn();
  }

  async seesSignIn(): Promise<void> {
    await this.#find(field('Dienstkennung'));
  }

  /** Goes back to the tab that was there first. */
  async firstTab(): Promise<void> {
    const [first] = await this.#driver.getAllWindowHandles();
    await this.#driver.switchTo().window(first ?? '');
  }

  #find(xpath: string): Promise<WebElement> {
    return this.#driver.wait(until.elementLocated(By.xpath(xpath)), patienceMs, `nothing is ${xpath}`);
  }

  async #click(xpath: string): Promise<void> {
    const element = await this.#find(xpath);
    await this.#driver.wait(until.elementIsVisible(element), patienceMs);
    await this.#driver.wait(until.elementIsEnabled(element), patienceMs);
    await element.click();
  }

  async #fill(xpath: string, text: string): Promise<void> {
    await (await this.#find(xpath)).sendKeys(text);
  }
}

function field(label: string): string {
  return `//input[@id = //label[normalize-space() = '${label}']/@for or ancestor::label[contains(., '${label}')]]`;
}

function button(name: string): string {
  return `//button[normalize-space() = '${name}' or @aria-label = '${name}']`;
}

function article(text: string): string {
  return `(//article[contains(., '${text}')])[last()]`;
}
