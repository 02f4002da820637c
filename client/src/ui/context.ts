import { createContext } from 'svelte';
import type { App } from '../model/app.svelte.ts';

/** The model, for every component below the root. */
export const [getApp, setApp] = createContext<App>();
