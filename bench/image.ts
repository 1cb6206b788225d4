/**
 * Measures the writing of an image beside tar and its filters on the same tree: `node --import tsx bench/image.ts ROOT`.
 * Ours makes two digests and writes the image to a disk; the peers write nothing, or the packed archive alone. Needs GNU
 * tar, gzip, sha256sum. Each of ours is a whole process, the start of Node and the walk of the tree in it.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { compare, table } from './measure.ts'
import type { Candidate } from './measure.ts'

const ROUNDS = 5
const WRITE = path.resolve(import.meta.dirname, '../test/support/image/write-root.ts')

function main(): void {
  const [root = ''] = process.argv.slice(2)
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Error('name a folder to make an image of')
  const scratch = mkdtempSync(path.join(tmpdir(), 'airtight-bench-'))
  const target = path.join(scratch, 'image')
  const program = path.join(scratch, 'write.mjs')
  buildSync({ entryPoints: [WRITE], bundle: true, platform: 'node', format: 'esm', outfile: program })
  const ours = (kind: string, compression: string): Candidate => ({
    name: `airtight, ${kind}, ${compression}`,
    command: `rm -rf '${target}' && node '${program}' '${root}' ${kind} '${target}' ${compression} | grep -q written`,
  })
  const tar = `tar -C '${root}' -cf - .`
  try {
    const plain = [
      ours('oci', 'none'),
      ours('oci-archive', 'none'),
      { name: 'tar | sha256sum', command: `${tar} | sha256sum` },
    ]
    console.log(table('Not packed', compare(plain, ROUNDS)))
    const gzip = [ours('oci', 'gzip'), { name: 'tar | gzip -1', command: `${tar} | gzip -1 > '${target}.gz'` }]
    console.log(table('gzip', compare(gzip, ROUNDS)))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

main()
