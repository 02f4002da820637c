/**
 * Compares what a screen showed with what the homeserver tells: a client may show a part of a room at a time, so it is
 * looked at in several windows while somebody scrolls.
 */

/**
 * What is wrong with the windows; nothing, if each shows the messages without gap, double or disorder, and all of them
 * together show every message.
 * @param told the messages in the homeserver's order
 */
export function timelineFaults(told: readonly string[], windows: readonly (readonly string[])[]): string[] {
  const shown = new Set(windows.flat());
  const missing = told.filter((message) => !shown.has(message)).map((message) => `never shown: ${message}`);
  return [...new Set([...missing, ...windows.flatMap((window) => windowFaults(told, window))])];
}

function windowFaults(told: readonly string[], window: readonly string[]): string[] {
  const positions = window.map((message) => told.indexOf(message));
  return window.flatMap((message, index) => {
    const position = positions[index];
    const before = positions[index - 1];
    if (position === undefined || position === -1) return [`unknown to the homeserver: ${message}`];
    if (before === undefined || before === -1 || position === before + 1) return [];
    return [`${message} stands right after ${told[before] ?? ''}`];
  });
}
