/** The description as a page of plain HTML: no script, one style sheet of our own, nothing from elsewhere. */
import { problemCatalogue } from '../problem-catalogue.ts';
import type { ApiDocument } from './describe-api.ts';
import type { Operation } from './operation.ts';

export function renderPage(operations: readonly Operation[], document: ApiDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Landbote – API</title>
<link rel="stylesheet" href="/openapi.css">
</head>
<body>
<main>
<h1>Landbote – API</h1>
<p>${escape(document.info.description ?? '')} The same for programs: <a href="/openapi.json">openapi.json</a>.</p>
${operations.map((operation) => renderOperation(operation, document)).join('\n')}
<h2>Schemas</h2>
${Object.entries(document.components?.schemas ?? {})
  .map(renderSchema)
  .join('\n')}
</main>
</body>
</html>
`;
}

function renderOperation(operation: Operation, document: ApiDocument): string {
  const { method, path, summary, access } = operation;
  const described = document.paths?.[path]?.[method];
  return `<details>
<summary><code>${method.toUpperCase()} ${escape(path)}</code> ${escape(summary)}</summary>
<p>${escape(accessInWords(access))}</p>
${described?.parameters === undefined ? '' : renderJson('Parameters', described.parameters)}
${described?.requestBody === undefined ? '' : renderJson('Request', described.requestBody)}
${operation.answers.map(({ status, description }) => `<p><code>${status}</code> ${escape(description)}</p>`).join('\n')}
${(operation.refusals ?? []).map((code) => `<p><code>${code}</code> ${escape(problemCatalogue[code].title)}</p>`).join('\n')}
${renderJson('Answers', described?.responses ?? {})}
</details>`;
}

function accessInWords(access: Operation['access']): string {
  if (access === 'public') return 'Without a session.';
  return access === 'session' ? 'With a session.' : `With one of the roles ${access.join(', ')}.`;
}

function renderSchema([name, schema]: [string, unknown]): string {
  return `<details id="${escape(name)}"><summary><code>${escape(name)}</code></summary>${renderJson('', schema)}</details>`;
}

function renderJson(title: string, value: unknown): string {
  return `${title === '' ? '' : `<h3>${title}</h3>`}<pre>${escape(JSON.stringify(value, null, 2))}</pre>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export const pageStyle = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
details { border-top: 1px solid GrayText; padding: 0.75rem 0; }
summary { cursor: pointer; }
pre { overflow-x: auto; font-size: 0.8125rem; }
`;
