/** Loaded late, as the client loads its parts. */
declare const BUILD: string;

export const chapter = `Kapitel aus ${BUILD}`;
