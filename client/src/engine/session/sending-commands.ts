import { withAlert } from '../alerts/alert-content.ts';
import { asResult } from '../failures.ts';
import { contentOfMarkdown } from '../rich-text/content-of-markdown.ts';
import { editAction, messageAction, reactionAction, withReply } from '../sending/message-content.ts';
import type { OutgoingFile, OutgoingMessage } from '../protocol.ts';
import type { RunningSession } from './running-session.ts';
import type { SessionCommands } from './session-commands.ts';

/** What goes into a room and through the outbox. Failures show at the message itself. */
export function sendingCommands({ rooms, outbox, encryption, hurry }: RunningSession) {
  async function send(roomId: string, itemId: string, { text, mentionIds, answers }: OutgoingMessage): Promise<void> {
    const content = withReply(await contentOfMarkdown(text, mentionIds), answers);
    await outbox.add(roomId, { itemId, action: messageAction(content) });
    // Whoever writes waits for the answer too.
    hurry();
  }

  async function sendFile(roomId: string, itemId: string, outgoing: OutgoingFile): Promise<void> {
    const { file, name, caption, answers, alert } = outgoing;
    const said = caption.trim() === '' ? {} : await captionOf(caption);
    const content = withAlert(withReply(said, answers), alert);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const action = {
      kind: 'file' as const,
      name,
      mimeType: file.type,
      bytes: bytes.length,
      content: { ...content },
      uploaded: null,
    };
    await outbox.add(roomId, { itemId, action, file: bytes });
  }

  async function edit(roomId: string, itemId: string, { text, mentionIds }: OutgoingMessage): Promise<void> {
    const held = await rooms.message(roomId, itemId);
    if (!held) return;
    const content = await contentOfMarkdown(text, mentionIds);
    await outbox.add(roomId, { itemId: crypto.randomUUID(), action: editAction(content, held.eventId) });
  }

  async function redact(roomId: string, target: string): Promise<void> {
    await outbox.add(roomId, { itemId: crypto.randomUUID(), action: { kind: 'redaction', target } });
  }

  async function remove(roomId: string, itemId: string): Promise<void> {
    const held = await rooms.message(roomId, itemId);
    if (held) await redact(roomId, held.eventId);
  }

  async function react(roomId: string, itemId: string, key: string): Promise<void> {
    const own = await rooms.ownReaction(roomId, itemId, key);
    if (own !== null) return redact(roomId, own);
    const held = await rooms.message(roomId, itemId);
    if (held) await outbox.add(roomId, { itemId: crypto.randomUUID(), action: reactionAction(held.eventId, key) });
  }

  async function prepare(roomId: string): Promise<void> {
    const room = await rooms.encryptionRoom(roomId);
    // Sharing in advance spares time; what goes wrong shows when something is sent.
    if (room) await (await encryption()).prepare(room).catch(() => undefined);
  }

  return {
    prepareToSend: (roomId) => void prepare(roomId),
    sendMessage: (roomId, itemId, message) => asResult(() => send(roomId, itemId, message)),
    sendFile: (roomId, itemId, file) => void sendFile(roomId, itemId, file),
    edit: (roomId, itemId, message) => asResult(() => edit(roomId, itemId, message)),
    delete: (roomId, itemId) => void remove(roomId, itemId),
    react: (roomId, itemId, key) => void react(roomId, itemId, key),
    retrySending: (roomId, itemId) => outbox.retry(roomId, itemId),
    discardUnsent: (roomId, itemId) => void outbox.discard(roomId, itemId),
  } satisfies Partial<SessionCommands>;
}

async function captionOf(caption: string): Promise<object> {
  const { msgtype: _msgtype, ...content } = await contentOfMarkdown(caption, []);
  return content;
}
