/** One page's use of the session: the room it has open, and its commands. */
import { readRoster } from '../alerts/read-roster.ts';
import { asResult } from '../failures.ts';
import type { Update } from '../protocol.ts';
import type { RoomView } from '../rooms/room-data.ts';
import { sendingCommands } from './sending-commands.ts';
import type { RunningSession } from './running-session.ts';
import type { SessionCommands } from './session-commands.ts';

export function sessionSeat(session: RunningSession, emit: (update: Update) => void): SessionCommands {
  const { rooms, directory, appservice } = session;
  let view: RoomView | null = null;
  /** Opening takes a while; only the room that was asked for last is shown. */
  let wanted = 0;

  function closeRoom(): void {
    wanted += 1;
    view?.close();
    view = null;
  }

  async function openRoom(roomId: string, aroundEventId: string | null): Promise<void> {
    closeRoom();
    const mine = wanted;
    const opened = await rooms.openView(roomId, aroundEventId, (update) => {
      if (mine !== wanted) return;
      session.latest.noteTimeline(update);
      emit({ type: 'timeline', update });
    });
    if (mine !== wanted) return opened.close();
    view = opened;
    emit({ type: 'members', roomId, members: await rooms.members(roomId) });
  }

  const viewOf = (roomId: string): RoomView | null => (view?.roomId === roomId ? view : null);
  /** Lost ones are made up for by the next. */
  const inPassing = (work: Promise<unknown>): void => void work.catch(() => undefined);

  return {
    openRoom: (roomId, aroundEventId) => asResult(() => openRoom(roomId, aroundEventId)),
    closeRoom,
    loadOlder: (roomId) => asResult(async () => viewOf(roomId)?.loadOlder()),
    loadNewer: (roomId) => asResult(async () => viewOf(roomId)?.loadNewer()),
    prefetch: (roomId) => asResult(() => rooms.prefetch(roomId)),
    markRead: (roomId) => inPassing(rooms.markRead(roomId)),
    setTyping: (roomId, isTyping) => inPassing(rooms.setTyping(roomId, isTyping)),
    acceptInvitation: (roomId) => asResult(() => rooms.acceptInvitation(roomId)),
    leaveRoom: (roomId) => asResult(() => rooms.leaveRoom(roomId)),
    setFavourite: (roomId, isFavourite) => asResult(() => rooms.setFavourite(roomId, isFavourite)),
    setNotifications: (roomId, mode) => asResult(() => rooms.setNotifications(roomId, mode)),
    showedAlert: (roomId, eventId) => inPassing(session.alertReceipts.noteOnce(roomId, eventId, 'displayed')),
    answerAlert: (roomId, eventId, act) => asResult(() => session.alertReceipts.answer(roomId, eventId, act)),
    alertRoster: (roomId, alert) => asResult(() => readRoster(session, roomId, alert)),
    keepDraft: (roomId, text) => session.drafts.keep(roomId, text),
    ...sendingCommands(session),
    ...encryptionCommands(session),
    ownSession: () => asResult(() => directory.session()),
    domain: () => asResult(() => directory.domain()),
    searchPeople: (query, limit) => asResult(() => appservice.searchPeople(query, limit)),
    lookUpPeople: (userIds) => asResult(() => directory.lookUp(userIds)),
    startConversation: (conversation) => asResult(() => appservice.startConversation(conversation)),
  };
}

function encryptionCommands(session: RunningSession) {
  const keys = (): ReturnType<RunningSession['encryption']> => session.encryption();
  return {
    setUpEncryption: (password, passphrase) => asResult(async () => (await keys()).setUp(password, passphrase)),
    recover: (codeOrPassphrase) => asResult(async () => (await keys()).recover(codeOrPassphrase)),
    requestVerification: (userId, roomId) => asResult(async () => (await keys()).verification.request(userId, roomId)),
    acceptVerification: () => asResult(async () => (await keys()).verification.accept()),
    compareEmojis: () => asResult(async () => (await keys()).verification.compareEmojis()),
    scannedCode: (code) => asResult(async () => (await keys()).verification.scanned(code)),
    confirmVerification: (matches) => asResult(async () => (await keys()).verification.confirm(matches)),
    cancelVerification: async () => (await keys()).verification.cancel(),
    acceptIdentity: (userId) =>
      asResult(async () => {
        await (await keys()).acceptIdentity(userId);
        session.outbox.retryFailed('identity-changed');
      }),
  } satisfies Partial<SessionCommands>;
}
