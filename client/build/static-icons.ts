import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';
import { z } from 'zod';

const icon = /\/@lucide\/svelte\/dist\/icons\/[^/]+\.svelte$/;
const data = /const iconData = (\{.*\});/;
const dataSchema = z.object({
  size: z.number(),
  node: z.array(z.tuple([z.string(), z.record(z.string(), z.string())])),
});

/**
 * Compiles Lucide's icons to markup. Its own component puts each of them together when it is shown, which takes ten
 * times as long; a list of rooms has dozens.
 */
export function staticIcons(): Plugin {
  return {
    name: 'landbote-static-icons',
    // Before Svelte's plugin reads the file.
    enforce: 'pre',
    load: {
      filter: { id: icon },
      handler: async (id) => component(await readFile(id, 'utf8'), id),
    },
  };
}

/** Svelte source that takes the one property this client uses, `size`. @throws if Lucide writes its icons otherwise. */
function component(source: string, id: string): string {
  const found = data.exec(source)?.[1];
  if (found === undefined) throw new Error(`No icon in ${id}: Lucide has changed the form of its files.`);
  const { size, node } = dataSchema.parse(JSON.parse(found));
  const parts = node.map(([tag, attributes]) => `<${tag} ${written(attributes)} />`).join('');
  return `<script>const { size = ${size} } = $props();</script>
<svg width={size} height={size} viewBox="0 0 ${size} ${size}" fill="none" stroke="currentColor" stroke-width="2"
stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${parts}</svg>`;
}

function written(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ');
}
