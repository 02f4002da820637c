/** The block in an event's content that makes a picture an alert (docs/alerts.md). Other clients show the picture. */
import { z } from 'zod';
import type { Alert } from '../protocol.ts';

export const alertKey = 'de.landbote.alert';

const text = (lengthMax: number): z.ZodType<string> => z.string().trim().max(lengthMax);

/** Any member can send any JSON: what does not have this shape is no alert. */
const blockSchema = z
  .object({
    kind: z.enum(['wanted', 'missing', 'situation']),
    urgency: z.enum(['notice', 'urgent', 'alarm']),
    reference: text(40),
    place: text(120),
    /** Milliseconds since 1970. */
    valid_until: z.int().min(0),
    acknowledgement_required: z.boolean(),
  })
  .transform(({ valid_until: validUntil, acknowledgement_required: mustAcknowledge, ...rest }): Alert => ({
    ...rest,
    validUntil,
    mustAcknowledge,
  }));

/** Null: the content is no alert. */
export function alertOf(content: Readonly<Record<string, unknown>>): Alert | null {
  if (!Object.hasOwn(content, alertKey)) return null;
  return blockSchema.safeParse(content[alertKey]).data ?? null;
}

/** What makes the content of a picture the alert. */
export function withAlert(content: object, alert: Alert | null): object {
  if (alert === null) return content;
  const { validUntil, mustAcknowledge, ...rest } = alert;
  return { ...content, [alertKey]: { ...rest, valid_until: validUntil, acknowledgement_required: mustAcknowledge } };
}
