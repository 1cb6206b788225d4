/**
 * Measures the HTML report of a large audit in headless Chromium: `npm run bench:html [PACKAGES OBJECTS FINDINGS]`.
 * Says how large the file is, and how long it takes to open each view and to filter the findings.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { pageAssets } from '../src/cli/page-assets.ts'
import { auditHtml } from '../src/report/html/html.ts'
import { largeDocument } from '../test/support/large-document.ts'

const ROUNDS = 5
const VIEWS = ['', '#/findings', '#/matrix', '#/graph', '#/package/3']

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** Milliseconds from the start of the navigation until the view is drawn. */
async function load(page: Page, url: string): Promise<number> {
  await page.goto('about:blank')
  await page.goto(url)
  await page.waitForSelector('main h1')
  return page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))')
}

/** Milliseconds from a key in the search until the filtered list is drawn. */
async function filter(page: Page, text: string): Promise<number> {
  return page.evaluate(`new Promise((done) => {
    const input = document.getElementById('search')
    const start = performance.now()
    input.value = ${JSON.stringify(text)}
    input.dispatchEvent(new Event('input', { bubbles: true }))
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)))
  })`)
}

async function main(): Promise<void> {
  const [packages = 300, objects = 5000, findings = 2000] = process.argv.slice(2).map(Number)
  const folder = mkdtempSync(path.join(tmpdir(), 'airtight-bench-html-'))
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    const start = performance.now()
    const html = auditHtml(largeDocument({ packages, objects, findings }), pageAssets())
    console.log(`${packages} packages, ${objects} objects, ${findings} findings`)
    console.log(`written in ${Math.round(performance.now() - start)} ms, ${(html.length / 1e6).toFixed(1)} MB`)
    const file = path.join(folder, 'large.html')
    writeFileSync(file, html)
    const page = await browser.newPage()
    for (const view of VIEWS) {
      const times: number[] = []
      for (let round = 0; round < ROUNDS; round += 1) times.push(await load(page, `file://${file}${view}`))
      console.log(`open ${view.padEnd(12)} ${Math.round(median(times))} ms`)
    }
    await load(page, `file://${file}#/findings`)
    const times: number[] = []
    for (const text of ['l', 'li', 'libhost1', 'libhost12', 'package_7', '']) times.push(await filter(page, text))
    console.log(`filter            ${Math.round(median(times))} ms, worst ${Math.round(Math.max(...times))} ms`)
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true })
  }
}

await main()
