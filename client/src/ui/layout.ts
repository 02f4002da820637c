import { MediaQuery } from 'svelte/reactivity';

/** One column: either the list, a room, or its details. */
export const oneColumn = new MediaQuery('max-width: 699.9px');
