/** Questions to the file system of this machine. */
import { describe, expect, it } from 'vitest'
import { diskFiles } from '../../../src/rez/repository/files.ts'

describe('asking by threads', () => {
  it('leaves nothing in the environment of programs that are started later', async () => {
    const before = { ...process.env }
    expect(await diskFiles.kind('/')).toBe('folder')
    expect(await diskFiles.real('/')).toBe('/')
    expect({ ...process.env }).toEqual(before)
  })
})
