/** The HTML report in a real browser: search, filters, ways, deep links, keys, and names that stay text. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pageAssets } from '../../src/cli/page-assets.ts'
import type { AuditDocument } from '../../src/report/document.ts'
import { auditHtml } from '../../src/report/html/html.ts'
import { largeDocument } from '../support/large-document.ts'
import { bindingOf, documentOf, findingOf, objectOf, packageOf } from './documents.ts'

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const program = PROGRAMS.find((path) => existsSync(path))
if (program === undefined) console.warn('SKIPPED: the HTML report in a browser needs Chromium (Debian: chromium)')

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const HOSTILE = '<img src=x onerror="document.title=1">\u001b]0;x\u0007'

/** app -> mid -> leaf, and app takes one library from the host. */
const chain: AuditDocument = documentOf({
  packages: [packageOf('app', '1'), packageOf('leaf', '3'), packageOf('mid', '2'), packageOf('other', '4')],
  objects: [
    objectOf('/studio/app/1/bin/app', 0, { role: 'program' }),
    objectOf('/studio/leaf/3/lib/libleaf.so.3', 1),
    objectOf('/studio/mid/2/lib/libmid.so.2', 2),
    objectOf('/usr/lib64/libhost.so.1', null),
  ],
  names: ['libhost.so.1', 'libleaf.so.3', 'libmid.so.2'],
  bindings: (['host', 'base'] as const).flatMap((world) => [
    bindingOf(0, world, 0, world === 'host' ? 3 : null, world === 'host' ? 'host' : null),
    bindingOf(0, world, 2, 2, 'required'),
    bindingOf(2, world, 1, 1, 'unrequired'),
  ]),
  findings: [
    findingOf({ package: 'app-1', subject: 'libhost.so.1', message: `app-1 takes libhost.so.1 ${HOSTILE}` }),
    findingOf({ rule: 'REQ001', name: 'requirement-undeclared', severity: 'warn', package: 'mid-2', subject: 'leaf' }),
  ],
})

describe.skipIf(program === undefined)('in a browser', () => {
  let folder = ''
  let browser: Browser
  let page: Page
  let problems: string[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'airtight-page-'))
    browser = await chromium.launch({ executablePath: program ?? '', args: QUIET })
    writeFileSync(join(folder, 'chain.html'), auditHtml(chain, pageAssets()))
    const large = largeDocument({ packages: 60, objects: 600, findings: 400 })
    writeFileSync(join(folder, 'large.html'), auditHtml(large, pageAssets()))
  })

  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  beforeEach(async () => {
    page = await browser.newPage()
    problems = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => problems.push(message.text()))
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) problems.push(`asked for ${request.url()}`)
    })
  })

  afterEach(async () => {
    await page.close()
    expect(problems).toEqual([])
  })

  async function open(file: string, hash = ''): Promise<void> {
    await page.goto(`file://${folder}/${file}.html${hash}`)
    await page.waitForSelector('main h1')
  }

  test('the first screen says whether it can ship and what to do first', async () => {
    await open('chain')
    expect(await page.textContent('h1')).toBe('Not airtight')
    expect(await page.textContent('.causes')).toContain('libhost.so.1')
  })

  test('names with markup and control characters stay text', async () => {
    await open('chain', '#/findings/0')
    expect(await page.title()).toBe('lighting · Airtight')
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.textContent('.findings .body p')).toContain(String.raw`<img src=x`)
    expect(await page.textContent('.findings .body p')).toContain(String.raw`\x1b]0;x\x07`)
  })

  test('a search narrows the findings, and its address opens the same again', async () => {
    await open('large', '#/findings')
    await page.fill('#search', 'libhost7.so')
    await expect.poll(() => page.textContent('[role=status]')).toMatch(/^7 of 400 findings|^[1-9]\d? of 400/)
    const shown = await page.locator('.findings > li .subject').allTextContents()
    expect(new Set(shown)).toEqual(new Set(['libhost7.so.1']))
    const again = page.url()
    await page.goto('about:blank')
    await page.goto(again)
    await page.waitForSelector('main h1')
    expect(await page.locator('.findings > li .subject').allTextContents()).toEqual(shown)
  })

  test('filters by severity and rule', async () => {
    await open('chain', '#/findings')
    await page.selectOption('select[name=severity]', 'warn')
    await expect.poll(() => page.locator('.findings > li').count()).toBe(1)
    expect(await page.textContent('.findings > li')).toContain('REQ001')
  })

  test('a link to a finding far down shows it opened', async () => {
    await open('large', '#/findings/333')
    expect(await page.locator('#finding-333 .body').isVisible()).toBe(true)
  })

  test('the way between two packages lights them and what lies between', async () => {
    await open('chain', '#/graph?from=app&to=leaf-3')
    const lit = await page.locator('.node:not(.dim) > text:not(.amount)').allTextContents()
    expect(lit.sort()).toEqual(['app-1', 'leaf-3', 'mid-2'])
    expect(await page.locator('.edge.lit').count()).toBe(2)
  })

  test('a package in the graph shows its neighbours, and the filter what leaks', async () => {
    await open('chain', '#/graph/2')
    expect(await page.locator('.node.dim').count()).toBe(1)
    await open('chain', '#/graph')
    await page.check('input[type=checkbox]')
    await expect.poll(() => page.locator('.node:not(.dim)').count()).toBe(1)
  })

  test('the matrix says what stands behind a cell', async () => {
    await open('chain', '#/matrix')
    await page.click('.cells a:has(rect.host)')
    await expect.poll(() => page.textContent('main section h2')).toContain('app-1 takes 1 library from')
    expect(await page.textContent('main section table')).toContain('/usr/lib64/libhost.so.1')
  })

  test('a package page leads to its objects, and an object says who loads it', async () => {
    await open('chain', '#/package/2')
    await page.click('a.file:has-text("lib/libmid.so.2")')
    await expect.poll(() => page.textContent('h1')).toBe('/studio/mid/2/lib/libmid.so.2')
    expect(await page.textContent('main')).toContain('Loaded by 1 object')
  })

  test('keys lead to the views and to the search', async () => {
    await open('chain')
    await page.keyboard.press('f')
    await expect.poll(() => page.textContent('h1')).toBe('Findings')
    await page.keyboard.press('/')
    await page.keyboard.type('gmf')
    expect(await page.inputValue('#search')).toBe('gmf')
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await expect.poll(() => page.textContent('h1')).toContain('whose files they load')
  })

  test('an address that leads nowhere says so', async () => {
    await open('chain', '#/package/99')
    expect(await page.textContent('h1')).toContain('no such package')
    await open('chain', '#/object/x')
    expect(await page.textContent('h1')).toContain('no such file')
  })
})
