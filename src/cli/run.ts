/** `airtight run`: starts an image, a root folder or a context as if it stood on this machine. */
import { planRun, startRun } from '../app/run.ts'
import { shellCommand } from '../app/shell.ts'
import { ENGINES } from '../runtime/launch.ts'
import { auditOptions, contextOptions } from './audit-request.ts'
import { EXIT_OWN_FAILURE, UsageError } from './exit.ts'
import type { Command } from './spec.ts'
import { unpacking } from './unpacking.ts'

/** Of the options about a context those that say which packages and which root. */
const CONTEXT_OPTIONS = ['repo', 'host', 'base', 'rez-config', 'rez', 'implicit', 'policy']

export const command: Command = {
  spec: {
    name: 'run',
    summary: 'starts an image, a root folder or a context with your own ids, home, working folder and licences',
    details: [
      'IMAGE is oci:DIR[:TAG], docker-archive:FILE, an OCI layout, an archive, a SIF file, an unpacked root, or a name that ' +
        'the engine knows. CONTEXT is what audit takes; it starts over the root folder of --base, else of --host, its ' +
        'packages read-only at their own paths. An argument is a context where it ends in .rxt or .yaml, is a package ' +
        'folder, or --repo, --base or --host is given.',
      'Engines are podman, docker, apptainer and bwrap, the first that works and can start it; for bwrap an image is ' +
        'unpacked once into the cache (XDG_CACHE_HOME). Inside are your uid, gid, ' +
        'groups, home and working folder, the licence variables and mounts of runtime in airtight.yaml, and of your ' +
        'environment TERM, LANG, LC_ALL, LC_CTYPE and TZ. Without a command a shell.',
      'Exits with the code of the command, 127 where it is not found, 125 for a failure of ours or of the engine.',
    ],
    argument: { name: 'IMAGE|CONTEXT', required: true, many: true, help: 'what is started' },
    rest: 'CMD [ARGS...]',
    options: [
      { name: 'command', short: 'c', value: 'CMD', help: 'a command line for /bin/sh; or the command behind --' },
      { name: 'engine', value: 'NAME', choices: ENGINES, help: 'this engine and no other' },
      { name: 'mount', value: 'SRC[:DEST[:ro]]', repeat: true, help: 'a folder or file of this machine' },
      { name: 'env', value: 'NAME[=VALUE]', repeat: true, help: 'a variable; without a value your own' },
      {
        name: 'gpu',
        help: 'the graphics card, by CDI: the device of drivers in airtight.yaml, else nvidia.com/gpu=all',
      },
      { name: 'x11', help: 'your X11 display' },
      { name: 'wayland', help: 'your Wayland display' },
      { name: 'audio', help: 'PulseAudio, PipeWire, ALSA' },
      { name: 'trace', value: 'DIR', help: 'let the loader inside write its trace to DIR, for observe --log DIR' },
      { name: 'dry-run', help: 'print the command line of the engine, and start nothing' },
      ...contextOptions.filter(({ name }) => CONTEXT_OPTIONS.includes(name)),
    ],
    examples: [
      { says: 'a tool of an image', command: 'airtight run rough_layout -c "launch_app -show=dragon"' },
      {
        says: 'a context over an unpacked base, without an image',
        command: 'airtight run lighting.rxt --base rocky9/root -- oiiotool --info frame.exr',
      },
    ],
  },
  failure: () => EXIT_OWN_FAILURE,
  run: async (args, output) => {
    const line = args.value('command')
    if (line !== null && args.rest !== null)
      throw new UsageError('-c and a command behind -- are two commands', 'give one')
    const plan = await planRun({
      subjects: args.positionals,
      audit: { ...auditOptions(args, args.positionals, output), env: null, baseline: false, repairs: null },
      command: line === null ? (args.rest ?? []) : ['/bin/sh', '-c', line],
      engine: ENGINES.find((engine) => engine === args.value('engine')) ?? null,
      wishes: {
        x11: args.flag('x11'),
        wayland: args.flag('wayland'),
        audio: args.flag('audio'),
        gpu: args.flag('gpu'),
        env: args.values('env'),
      },
      mounts: args.values('mount'),
      trace: args.value('trace'),
      progress: unpacking(output),
    })
    if ('failures' in plan) {
      for (const failure of plan.failures) output.error(failure)
      return EXIT_OWN_FAILURE
    }
    for (const remark of plan.remarks) for (const line of remark.split('\n')) output.talk(line)
    for (const note of plan.notes) output.note(note)
    if (args.flag('dry-run')) {
      output.result(`${shellCommand(plan.args)}\n`)
      return 0
    }
    const ended = await startRun(plan)
    if (ended.failure !== null) output.error(ended.failure)
    return ended.begun && ended.failure === null ? ended.code : EXIT_OWN_FAILURE
  },
}
