/** What travels between a page and the engine's worker. */
import type { Engine, Update } from '../protocol.ts';

export type Command = Exclude<keyof Engine, 'subscribe'>;

/** Every command by name, so that no message can reach anything else of the engine. */
export const commands = [
  'configuration',
  'signIn',
  'restore',
  'signOut',
  'setWatched',
  'openRoom',
  'closeRoom',
  'loadOlder',
  'loadNewer',
  'prefetch',
  'markRead',
  'setTyping',
  'keepDraft',
  'prepareToSend',
  'sendMessage',
  'sendFile',
  'edit',
  'delete',
  'react',
  'retrySending',
  'discardUnsent',
  'showedAlert',
  'answerAlert',
  'alertRoster',
  'acceptInvitation',
  'leaveRoom',
  'setFavourite',
  'setNotifications',
  'setUpEncryption',
  'recover',
  'requestVerification',
  'acceptVerification',
  'compareEmojis',
  'scannedCode',
  'confirmVerification',
  'cancelVerification',
  'acceptIdentity',
  'ownSession',
  'domain',
  'searchPeople',
  'lookUpPeople',
  'startConversation',
] as const satisfies readonly Command[];

export type ToEngine =
  /** `pageId`: the name of the Web Lock that the page holds as long as it lives. */
  | { readonly type: 'hello'; readonly pageId: string }
  | { readonly type: 'call'; readonly id: number; readonly command: Command; readonly args: readonly unknown[] };

export type ToPage =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  /** The command threw: a fault of ours, never a failure that a person can do something about. */
  | { readonly type: 'fault'; readonly id: number; readonly reference: string }
  | { readonly type: 'update'; readonly update: Update };

/** From a shared engine to each page that joins: the Web Lock that it holds as long as it lives. */
export interface Alive {
  readonly type: 'alive';
  readonly lockName: string;
}

/** One side of a connection. Messages arrive in order. */
export interface Channel<Incoming, Outgoing> {
  post(message: Outgoing): void;
  listen(listener: (message: Incoming) => void): void;
}

export function portChannel<Incoming, Outgoing>(port: MessagePort | Worker): Channel<Incoming, Outgoing> {
  return {
    post: (message) => port.postMessage(message),
    listen(listener) {
      port.addEventListener('message', (event) => {
        if (event instanceof MessageEvent) listener(event.data);
      });
      if ('start' in port) port.start();
    },
  };
}
