/** Contents of one's own messages (client-server API, "Instant messaging", "Rich replies", "Event replacements"). */
import type { QueueEntry } from './queue-entry.ts';

type EventAction = Extract<QueueEntry['action'], { kind: 'event' }>;

interface TextMessage {
  readonly msgtype: string;
  readonly body: string;
}

/** @param answers event or item id of the message that this one answers. */
export function withReply<T extends object>(content: T, answers: string | null): T {
  return answers === null ? content : { ...content, 'm.relates_to': { 'm.in_reply_to': { event_id: answers } } };
}

export function messageAction(content: TextMessage): EventAction {
  return { kind: 'event', type: 'm.room.message', content: { ...content } };
}

/** The fallback before the new content is for clients that know no edits. Mentions in it notify nobody anew. */
export function editAction(content: TextMessage, replaces: string): EventAction {
  const edit = {
    msgtype: content.msgtype,
    body: `* ${content.body}`,
    'm.mentions': {},
    'm.new_content': content,
    'm.relates_to': { rel_type: 'm.replace', event_id: replaces },
  };
  return messageAction(edit);
}

export function reactionAction(target: string, key: string): EventAction {
  const relation = { rel_type: 'm.annotation', event_id: target, key };
  return { kind: 'event', type: 'm.reaction', content: { 'm.relates_to': relation } };
}
