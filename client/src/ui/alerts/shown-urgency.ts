import type { Alert, RoomAlert } from '../../engine/protocol.ts';
import type { App } from '../../model/app.svelte.ts';
import { mayAlarm } from '../../model/open-alerts.ts';

/** An alarm of somebody who may not send one is shown as urgent: their client is not ours, or was changed. */
export function shownUrgency(
  app: App,
  { alert, senderId, roomId }: Pick<RoomAlert, 'alert' | 'senderId'> & { readonly roomId: string },
): Alert['urgency'] {
  const isUnfounded = alert.urgency === 'alarm' && !mayAlarm(app.people.find(senderId), postingIn(app, roomId));
  return isUnfounded ? 'urgent' : alert.urgency;
}

/** Who writes in rooms of this class, by the declaration; everybody, where nothing is known of it. */
export function postingIn({ people, rooms }: App, roomId: string): 'everyone' | 'named' {
  const roomClass = rooms.find(roomId)?.origin?.class;
  return people.domain?.roomClasses.find(({ name }) => name === roomClass)?.posting ?? 'everyone';
}
