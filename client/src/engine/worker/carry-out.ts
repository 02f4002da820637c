/** Calls a command by its name. @throws Error if there is none of this name. */
export function carryOut(target: object, command: string, args: readonly unknown[]): unknown {
  const method: unknown = Reflect.get(target, command);
  if (typeof method !== 'function') throw new Error('unknown-command');
  return Reflect.apply(method, target, args);
}
