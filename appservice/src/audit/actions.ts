/** Everything the audit trail can say happened. Renaming one would make old rows unreadable: only add. */
export type AuditAction =
  | 'revision.received'
  /** The first revision of an empty database, which applies without approval. */
  | 'revision.approved-first'
  | 'revision.superseded'
  | 'revision.proposed'
  | 'revision.withdrawn'
  | 'revision.expired'
  | 'request.refused'
  | 'audit.read'
  | 'room.adopted'
  | 'plan.refused'
  | 'plan.approved'
  | 'change.applied'
  | 'change.failed'
  /** It was begun, and the process ended before an answer came. */
  | 'change.unanswered'
  | 'drift.repaired'
  | 'drift.reported'
  | 'drift.repair-requested'
  | 'run.cancelled'
  | 'moderation.message-removed'
  | 'moderation.person-removed'
  | 'moderation.person-readmitted'
  /** The homeserver refused what the row before says. */
  | 'moderation.failed'
  | 'run.resumed'
  | 'invitation.accepted'
  | 'conversation.requested'
  | 'conversation.created'
  | 'session.opened'
  | 'session.ended'
  | 'wall.refused';
