/** The audit as one self-contained HTML file: the page's own script and style, and the audit as data inside it. */
import { printable } from '../../domain/bytes.ts'
import type { AuditDocument } from '../document.ts'
import { pageModel } from './build-model.ts'
import type { PageModel } from './model.ts'

/** The bundled script and style of the page. */
export interface PageAssets {
  readonly script: string
  readonly style: string
}

/** The page may load nothing: neither what it shows nor a name in it can reach a network. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

/**
 * One HTML file that opens from a mail.
 *
 * @param assets what the build made of `page/`
 */
export function auditHtml(document: AuditDocument, assets: PageAssets): string {
  const title = document.contexts.map((context) => context.name).join(', ')
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `<title>${escapeHtml(printable(title))} · Airtight</title>`,
    `<style>${assets.style}</style>`,
    '</head>',
    '<body>',
    '<noscript>This report needs scripts. <code>airtight report AUDIT.json</code> prints the same as text.</noscript>',
    '<div id="app"></div>',
    `<script type="application/json" id="audit">${jsonInHtml(pageModel(document))}</script>`,
    `<script>${assets.script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

/**
 * The model as JSON that no HTML parser reads as markup, whatever names it holds; control characters and bytes that are
 * no text are written out, so that the page has none of them.
 */
function jsonInHtml(model: PageModel): string {
  // Millions of numbers need no look at each.
  const { needs, ...rest } = model
  const text = JSON.stringify(rest, (_, value: unknown) => (typeof value === 'string' ? printable(value) : value))
  return `${text.slice(0, -1)},"needs":${JSON.stringify(needs)}}`.replaceAll('<', String.raw`\u003c`)
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
