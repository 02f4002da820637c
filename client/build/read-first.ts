import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const module = fileURLToPath(new URL('../src/first-read.ts', import.meta.url));
const name = 'first-read';

/** Has the page run this one small module at once, beside loading the large ones that wait for what it reads. */
export function readFirst(): Plugin {
  return {
    name: 'landbote-read-first',
    apply: 'build',
    config: () => ({
      build: { rolldownOptions: { output: { codeSplitting: { groups: [{ name, test: (id) => id === module }] } } } },
    }),
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const chunk = Object.values(bundle ?? {}).find((file) => file.type === 'chunk' && file.name === name);
        if (chunk === undefined) throw new Error(`${module} is no chunk of its own.`);
        const attrs = { type: 'module', crossorigin: true, src: `/${chunk.fileName}` };
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' }];
      },
    },
  };
}
