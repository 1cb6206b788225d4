#!/usr/bin/env node
// Starts the command line. The bundle is one script, so that V8 takes its functions compiled from the cache that the
// build made: reading and compiling them is a fifth of an audit otherwise. Without a cache for this Node it compiles them.
'use strict'
const { readFileSync } = process.getBuiltinModule('node:fs')
const { join } = process.getBuiltinModule('node:path')
const { pathToFileURL } = process.getBuiltinModule('node:url')
const { Script } = process.getBuiltinModule('node:vm')

/** The name that V8 12 and 13 have for it; V8 complains of one that it does not know. */
const TURBOFAN = '--invocation-count-for-turbofan=45000'

const filename = join(__dirname, '../dist/main.js')

/** What another version of V8 wrote is refused by V8 itself; what is not there was not built here. */
function compiled() {
  try {
    return readFileSync(`${filename}.${process.versions.v8}-${process.arch}.cache`)
  } catch {
    return undefined
  }
}

// The bundle is ASCII, and Latin-1 is what V8 need not convert.
// The cache holds the name under which it was made: one that names no folder holds everywhere.
const bundle = new Script(readFileSync(filename, 'latin1'), { filename: 'airtight/main.js', cachedData: compiled() })
// V8 makes fast code of whatever looks hot, on the other cores and at once. In a run of a second that costs more than
// it saves: V8 waits fifteen times as long here. Behind the script, whose cache holds for the flags it was made under.
const LATER = { 11: '--interrupt-budget=1000000', 12: TURBOFAN, 13: TURBOFAN }[process.versions.v8.split('.', 1)]
if (LATER !== undefined) process.getBuiltinModule('node:v8').setFlagsFromString(LATER)
bundle.runInThisContext()(pathToFileURL(filename).href)
