/**
 * The oldest browsers that the client runs in: of autumn 2024, Firefox ESR included. Syntax is rewritten for them;
 * functions are not, so the code calls none that one of them lacks.
 */
export const browsers: string[] = ['chrome126', 'firefox128', 'safari18'];
