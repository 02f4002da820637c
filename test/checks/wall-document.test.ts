import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { refusalRules } from '#appservice/wall/decide.ts';
import { observedRuleSchema } from '#appservice/wall/observed/observed-refusal.ts';
import { reportedRuleSchema } from '#appservice/wall/reported-refusal.ts';
import { doors } from '#test/federation/doors/all-doors.ts';
import { policyCallbacks } from '../../synapse-config/homeserver/render.ts';
import { codeIn, tableRows } from './markdown-table.ts';

const root = new URL('../../', import.meta.url);
const rules: readonly string[] = [...refusalRules, ...reportedRuleSchema.options, ...observedRuleSchema.options];
const wall = await readFile(new URL('docs/wall.md', root), 'utf8');

it('describes in docs/wall.md exactly the doors that the tests try, and whether the server ACL is asked there', () => {
  const documented = tableRows(wall, 'door').map((row) => [row.get('door'), row.get('ACL')]);

  expect(documented).toEqual(doors.map(({ name, aclAsked }) => [name, aclAsked ? 'asked' : 'not asked']));
});

it('has in docs/runbooks/wall.md every rule that refuses, and no other light', async () => {
  const runbook = await readFile(new URL('docs/runbooks/wall.md', root), 'utf8');
  const named = [...runbook.matchAll(/`([a-z0-9-]+\.[a-z-]+)`/g)].map(([, name = '']) => name);
  const areas = new Set(rules.map((rule) => rule.split('.')[0]));

  const lights = new Set(named.filter((name) => areas.has(name.split('.')[0])));
  expect([...lights].toSorted()).toEqual(rules.toSorted());
});

it('names in docs/runbooks/wall.md only metrics that there are', async () => {
  const runbook = await readFile(new URL('docs/runbooks/wall.md', root), 'utf8');
  const metrics = await readFile(new URL('appservice/src/http/homeserver/metrics.ts', root), 'utf8');
  const named = [...runbook.matchAll(/landbote_\w+_total/g)].map(([name]) => name);

  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !metrics.includes(`'${name}'`))).toEqual([]);
});

it('names for every layer in docs/wall.md a test in which it stands alone, and one of the whole wall', () => {
  const layers = tableRows(wall, 'layer');

  expect(layers.map((row) => row.get('layer'))).toEqual(layers.map((_row, index) => String(index)));
  for (const row of layers) {
    expect(row.get('alone')).toMatch(/\(\.\.\/test\/federation\/layers\/[a-z-]+\.test\.ts\)/);
    expect(row.get('with all others')).toMatch(/\(\.\.\/test\/federation\/[a-z/-]+\.test\.ts\)/);
  }
});

it('describes in docs/wall.md exactly the policy callbacks that are configured', () => {
  const documented = tableRows(wall, 'callback').map((row) => codeIn(row, 'callback'));

  expect(documented).toEqual(policyCallbacks);
});

it('names in docs/wall.md only keys that the homeserver template sets', async () => {
  const text = await readFile(new URL('synapse-config/homeserver/homeserver.template.yaml', root), 'utf8');
  const template = z.record(z.string(), z.unknown()).parse(parse(text));
  const documented = tableRows(wall, 'key').map((row) => codeIn(row, 'key'));

  expect(documented.length).toBeGreaterThan(10);
  expect(documented.filter((key) => !(key in template))).toEqual([]);
});

it('takes reports of exactly the rules that the module inside the homeserver has', async () => {
  const folder = new URL('synapse-config/modules/landbote_wall/', root);
  const sources = (await readdir(folder)).filter((name) => name.endsWith('.py'));
  const texts = await Promise.all(sources.map((name) => readFile(new URL(name, folder), 'utf8')));
  const known = texts.flatMap((text) => [...text.matchAll(/"([a-z]+\.[a-z]+(?:-[a-z]+)*)"/g)].map(([, rule]) => rule));

  expect(new Set(known)).toEqual(new Set([...reportedRuleSchema.options, ...observedRuleSchema.options]));
});
