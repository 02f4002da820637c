import type { ClientConfig } from '#contract/client-config.ts';

/**
 * What a deployment folder is made of, and what the operator brings.
 */
export interface DeploymentFile {
  /** Relative to the deployment folder. */
  readonly path: string;
  readonly content: string;
  /** Numeric id of the user and group that alone may read it; null: it holds no secret and everybody may. */
  readonly owner: number | null;
}

/** What the parameters point to, read by the caller. */
export interface OperatorFiles {
  readonly certificateAuthorities: readonly string[];
  readonly tlsCertificate: string;
  readonly tlsKey: string;
  /** Other trust domains, and the keys of theirs that the clients take. */
  readonly partners: ClientConfig['partners'];
}
