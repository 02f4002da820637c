import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { agreementSchema, agreementsSchema, type AgreementView } from '#contract/agreement.ts';
import { agreementInWords } from '../agreement-in-words.ts';
import { RefusedError, type ApiSession } from '../api-session.ts';
import { UsageError, type Call } from '../arguments.ts';

/** Lists agreements; `propose`, `consent`, `end`. */
export async function agreement(session: ApiSession, call: Call, write: (line: string) => void): Promise<void> {
  switch (call.subject) {
    case undefined:
      return list(session, write);
    case 'propose':
      return propose(session, call, write);
    case 'consent':
      return consent(session, call, write);
    case 'end':
      return end(session, call, write);
    default:
      throw new UsageError('agreement kennt propose, consent und end.');
  }
}

async function list(session: ApiSession, write: (line: string) => void): Promise<void> {
  const { agreements } = await session.read('/agreements', agreementsSchema);
  if (agreements.length === 0) write('Es gibt keine Vereinbarung.');
  for (const each of agreements) write(agreementInWords(each));
}

async function propose(session: ApiSession, { from }: Call, write: (line: string) => void): Promise<void> {
  if (from === undefined) throw new UsageError('agreement propose braucht --aus mit der Datei des Vorschlags.');
  const body = await readYaml(from);
  write(agreementInWords(await session.read('/agreements', agreementSchema, { method: 'POST', body })));
}

/** By the digest, so that nobody consents to anything but what was shown. */
async function consent(session: ApiSession, { object, from }: Call, write: (line: string) => void): Promise<void> {
  if (object === undefined) throw new UsageError('agreement consent braucht die Prüfsumme der Vereinbarung.');
  const { terms, digest } = await find(session, (each) => each.digest === object);
  const members = from === undefined ? {} : { members: await readYaml(from) };
  const request = { method: 'POST', body: { digest, ...members } } as const;
  write(agreementInWords(await session.read(`/agreements/${terms.id}/consent`, agreementSchema, request)));
}

async function end(session: ApiSession, { object, reason }: Call, write: (line: string) => void): Promise<void> {
  if (object === undefined || reason === undefined) {
    throw new UsageError('agreement end braucht die Kennung der Vereinbarung und --grund.');
  }
  const { terms } = await find(session, (each) => each.terms.id === object);
  const request = { method: 'POST', body: { reason } } as const;
  write(agreementInWords(await session.read(`/agreements/${terms.id}/end`, agreementSchema, request)));
}

async function find(session: ApiSession, isWanted: (agreement: AgreementView) => boolean): Promise<AgreementView> {
  const found = (await session.read('/agreements', agreementsSchema)).agreements.find(isWanted);
  if (found === undefined) throw new RefusedError('Eine solche Vereinbarung gibt es hier nicht.');
  return found;
}

async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
