/**
 * Speaks with the partners: hears what stands in the liaison rooms, and says what has to be said. Level-based: it looks at
 * what is, so nothing depends on an event having arrived.
 */
import type { Logger } from 'pino';
import { statementKey, statementSchema, statementType } from '#contract/agreement.ts';
import { botOf, type RoomId, type ServerName, type UserId } from '#contract/ids.ts';
import type { Organisation, PartnerDeclaration } from '#contract/organisation.ts';
import { appendAudit } from '#appservice/audit/append-audit.ts';
import type { RoomStateReader, RoomStateSender, SigningKeyReader, StateEvent } from '#appservice/matrix/ports.ts';
import type { Store } from '#appservice/store/open-store.ts';
import { partnersOf } from '../reconciler/agreed-rooms.ts';
import { digestOf } from '../reconciler/plan.ts';
import { statementOf, type Agreement } from './agreement.ts';
import type { AgreementBook } from './agreement-book.ts';
import { fingerprintOf, isDeclaredKey } from './fingerprint.ts';
import { hear } from './hear.ts';
import { findLiaison, type LiaisonOptions } from './liaison.ts';

export interface ExchangeOptions extends LiaisonOptions {
  readonly homeserver: LiaisonOptions['homeserver'] & RoomStateReader & RoomStateSender & SigningKeyReader;
  readonly serverName: ServerName;
  readonly book: AgreementBook;
  readonly store: Pick<Store, 'transaction'>;
  /** The declaration in force at this moment. */
  readonly organisation: () => Organisation;
  readonly isDeclared: (person: UserId) => boolean;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Exchange {
  /** Checks the partners' keys and takes in what they say. */
  hear(): Promise<Heard>;
  /** Says to those who were heard what has to be said now. Answers whether every partner was heard and told. */
  say(heard: Heard): Promise<boolean>;
}

interface Heard {
  readonly talks: readonly Talk[];
  /** False: with one of the partners nothing could be exchanged. */
  readonly isComplete: boolean;
}

/** With a partner whose key is the declared one. */
interface Talk {
  readonly partner: PartnerDeclaration;
  readonly room: RoomId;
  /** The statements in it. */
  readonly state: readonly StateEvent[];
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { homeserver, book, now, logger } = options;
  /** What was refused already: a fault that stands in the room is one row, not one a turn. */
  const refused = new Set<string>();

  /** No talk: there is no room for it yet. */
  async function hearPartner(partner: PartnerDeclaration): Promise<Heard> {
    if (!(await hasDeclaredKey(partner))) return { talks: [], isComplete: false };
    const room = await findLiaison(partner, options);
    if (room === null) return { talks: [], isComplete: true };
    const state = (await homeserver.readState(room)).filter(({ type }) => type === statementType);
    for (const event of state) await hearFrom(partner, event);
    return { talks: [{ partner, room, state }], isComplete: true };
  }

  /** One partner who cannot be spoken with keeps nobody from the others. */
  async function unlessFailing<Result>(
    { domain }: PartnerDeclaration,
    work: Promise<Result>,
    otherwise: Result,
  ): Promise<Result> {
    return work.catch((error: unknown) => {
      logger.warn({ err: error, partner: domain }, 'a partner cannot be spoken with; trying again soon');
      return otherwise;
    });
  }

  /** Before anything is read or told: events of the partner are worth what this key is worth. */
  async function hasDeclaredKey(partner: PartnerDeclaration): Promise<boolean> {
    const keys = await homeserver.signingKeysOf(partner.server, partner.key);
    if (keys.length === 0) return false;
    if (isDeclaredKey(keys, partner)) return true;
    const found = keys.map(({ id, key }) => ({ id, fingerprint: fingerprintOf(key) }));
    const reason = 'it signs with another key than the declared one';
    await refuse('partner.refused', `partner/${partner.domain}`, partner, { reason, found });
    return false;
  }

  async function hearFrom(speaker: PartnerDeclaration, event: StateEvent): Promise<void> {
    const [domain, id = ''] = event.state_key.split('/');
    if (domain !== speaker.domain || event.sender !== botOf(speaker.server)) return;
    const statement = statementSchema.safeParse(event.content);
    const own = {
      domain: options.organisation().domain.id,
      server: options.serverName,
      isDeclared: options.isDeclared,
    };
    const outcome = statement.success
      ? await book.act(id, (known) => hear({ id, statement: statement.data, speaker, own }, known))
      : 'it cannot be read';
    if (typeof outcome !== 'string') return;
    await refuse('agreement.refused', `agreement/${id}`, speaker, { reason: outcome, event: event.event_id });
  }

  async function refuse(
    action: 'agreement.refused' | 'partner.refused',
    subject: string,
    partner: PartnerDeclaration,
    detail: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const key = digestOf({ action, subject, detail });
    if (refused.has(key)) return;
    const entry = { at: now(), actor: botOf(partner.server), action, subject, detail };
    await options.store.transaction((transaction) => appendAudit(transaction, entry));
    refused.add(key);
    logger.warn({ action, subject, ...detail }, 'a partner was refused');
  }

  async function sayAll(talk: Talk): Promise<boolean> {
    for (const agreement of book.all()) await sayOne(talk, agreement);
    return true;
  }

  async function sayOne({ partner, room, state }: Talk, agreement: Agreement): Promise<void> {
    const own = options.organisation().domain.id;
    const isWithPartner = [agreement.terms.owner, agreement.terms.partner].includes(partner.domain);
    const statement = isWithPartner ? statementOf(agreement) : null;
    if (statement === null) return;
    const key = statementKey(own, agreement.terms.id);
    const said = state.find((event) => event.state_key === key && event.sender === botOf(options.serverName));
    if (said !== undefined && digestOf(said.content) === digestOf(statement)) return;
    await homeserver.sendState(room, { type: statementType, state_key: key, content: { ...statement } });
  }

  return {
    async hear() {
      const heard: Heard[] = [];
      for (const partner of partnersOf(options.organisation(), options.serverName))
        heard.push(await unlessFailing(partner, hearPartner(partner), { talks: [], isComplete: false }));
      return {
        talks: heard.flatMap(({ talks }) => talks),
        isComplete: heard.every(({ isComplete }) => isComplete),
      };
    },
    async say({ talks, isComplete }) {
      let isSaid = isComplete;
      for (const talk of talks) isSaid = (await unlessFailing(talk.partner, sayAll(talk), false)) && isSaid;
      return isSaid;
    },
  };
}
