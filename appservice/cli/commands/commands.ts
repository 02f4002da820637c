import type { ApiSession } from '../api-session.ts';
import type { Call, CommandName } from '../arguments.ts';
import { agreement } from './agreement.ts';
import { approve } from './approve.ts';
import { audit } from './audit.ts';
import { drift } from './drift.ts';
import { dump } from './dump.ts';
import { followRun } from './follow-run.ts';
import { ledger } from './ledger.ts';
import { organisation } from './organisation.ts';
import { partner } from './partner.ts';
import { plan } from './plan.ts';

/** Carries one command out and writes lines for people. */
type Command = (session: ApiSession, call: Call, write: (line: string) => void) => Promise<void>;

export const commands: Readonly<Record<CommandName, Command>> = {
  plan,
  approve,
  apply: followRun,
  drift,
  audit,
  ledger,
  organisation,
  dump,
  partner,
  agreement,
};
