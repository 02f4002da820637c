/** Paints first, then loads the engine. */
import './platform/no-code-from-text.ts';
import { mount } from 'svelte';
import { Preferences } from './model/preferences.svelte.ts';
import { browserPlatform } from './platform/browser.ts';
import { loadConfiguration } from './platform/configuration.ts';
import { startApp } from './start.ts';
import './ui/base.css';
import Root from './ui/Root.svelte';

const target = document.getElementById('landbote');
if (!target) throw new Error('index.html has no element #landbote');

const platform = browserPlatform();
const preferences = new Preferences(platform.preferences, platform.languages);
mount(Root, { target, props: { platform, preferences, configuration: loadConfiguration(), startApp } });
