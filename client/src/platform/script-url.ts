/** Scripts that are loaded while the client runs: workers. Trusted Types let nothing through but what is checked here. */

interface ScriptUrlPolicy {
  /** In truth a TrustedScriptURL, which the type definitions of workers do not know. */
  createScriptURL(path: string): string;
}

declare const trustedTypes:
  { createPolicy(name: string, rules: { createScriptURL: (path: string) => string }): ScriptUrlPolicy } | undefined;

const rules: ScriptUrlPolicy = { createScriptURL: ownScript };
const policy = typeof trustedTypes === 'undefined' ? rules : trustedTypes.createPolicy('landbote-workers', rules);

/**
 * For `new Worker`, `new SharedWorker` and `serviceWorker.register`.
 * @throws TypeError for everything that is no script of this build.
 */
export function scriptUrl(path: string): string {
  return policy.createScriptURL(path);
}

function ownScript(path: string): string {
  const url = new URL(path, location.origin);
  const isOfBuild = /^\/(service-worker|assets\/[\w.-]+)\.js$/.test(url.pathname) || import.meta.env.DEV;
  if (url.origin !== location.origin || !isOfBuild) throw new TypeError('not a script of this build');
  return url.href;
}
