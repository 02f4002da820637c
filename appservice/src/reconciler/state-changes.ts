import { canonicalize } from 'json-canonicalize';
import type { StateContent } from '#appservice/matrix/ports.ts';
import { stateChangeKinds, type ManagedStateType, type Risk, type SetState } from './change.ts';
import type { DesiredRoom } from './desired-room.ts';
import { contentOf, type ObservedRoom } from './observed-state.ts';
import { computeRoomState } from './room-state.ts';

type Content = StateContent['content'];

/** What stands for "not set" where an event was set once: state can be emptied, never removed. */
const emptied: Partial<Record<ManagedStateType, Content>> = {
  'm.room.topic': { topic: '' },
  'm.room.retention': {},
};

const managedTypes = Object.keys(stateChangeKinds).filter((type): type is ManagedStateType => type in stateChangeKinds);

/** State that differs from what the room should have. State of other types is not managed. */
export function computeStateChanges(room: DesiredRoom, observed: ObservedRoom): SetState[] {
  const wanted = new Map(computeRoomState(room).map(({ type, content }) => [type, content]));
  return managedTypes.flatMap((type) => {
    const before = contentOf(observed, type);
    const after = wanted.get(type) ?? (before === null ? undefined : emptied[type]);
    if (after === undefined || (before !== null && canonicalize(before) === canonicalize(after))) return [];
    return [setState(room.address, type, before, after)];
  });
}

function setState(address: string, type: ManagedStateType, before: Content | null, after: Content): SetState {
  const reason = before === null ? `${type} is missing` : `${type} differs from the declaration`;
  return { kind: stateChangeKinds[type], address, before, after, reason, risk: riskOf(type, before, after) };
}

/** The wall's own state is always a matter for a second look; letting a further server in above all. */
function riskOf(type: ManagedStateType, before: Content | null, after: Content): Risk {
  if (type === 'm.room.server_acl') return allowsMore(before, after) ? 'high' : 'medium';
  return type === 'm.room.name' || type === 'm.room.topic' ? 'low' : 'medium';
}

function allowsMore(before: Content | null, after: Content): boolean {
  const allowedBefore = new Set(listOf(before?.['allow']));
  return listOf(after['allow']).some((server) => !allowedBefore.has(server));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
