/** Everything the audit trail can say happened. Renaming one would make old rows unreadable: only add. */
export type AuditAction =
  | 'revision.received'
  /** The first revision of an empty database, which applies without approval. */
  | 'revision.approved-first'
  | 'revision.superseded'
  | 'room.adopted'
  | 'plan.refused'
  | 'plan.approved'
  | 'change.applied'
  | 'change.failed'
  | 'drift.repaired'
  | 'drift.reported'
  | 'drift.repair-requested'
  | 'run.cancelled'
  | 'run.resumed'
  | 'invitation.accepted'
  | 'conversation.requested'
  | 'conversation.created'
  | 'session.opened'
  | 'session.ended'
  | 'wall.refused';
