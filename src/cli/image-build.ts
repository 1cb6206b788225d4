/** `airtight image build`: an image without any engine, read back and audited before it gets its name. */
import type { BuildQuestion, ImageFormat } from '../app/image-build.ts'
import { buildImage } from '../app/image-build.ts'
import type { Compression } from '../image/compress.ts'
import type { BuildReport } from '../report/image-build.ts'
import { buildDocument, buildText } from '../report/image-build.ts'
import { FAILING } from './audit.ts'
import { failed } from './audit-request.ts'
import { UsageError, exitCode } from './exit.ts'
import { imageOptions, imageQuestion, sayNotes } from './image-request.ts'
import { interrupted, stopped } from './interrupt.ts'
import type { Output } from './output.ts'
import type { Arguments, Command, OptionSpec } from './spec.ts'
import { toolVersion } from './version.ts'

const FORMATS: readonly ImageFormat[] = ['oci', 'oci-archive', 'docker-archive', 'folder']
const COMPRESSIONS: readonly Compression[] = ['none', 'gzip', 'zstd']

/** What building and exporting share. */
export const buildOptions: readonly OptionSpec[] = [
  { name: 'slim', help: 'leave out libraries of packages that nothing is seen to load' },
  { name: 'keep', help: 'keep the image although findings fail it' },
  {
    name: 'fail-on',
    value: 'SEVERITY',
    choices: Object.keys(FAILING),
    help: 'fail the image from this on; error by default',
  },
  { name: 'report', value: 'FORMAT', choices: ['text', 'json'], help: 'how the result is told; text by default' },
  { name: 'all', help: 'name every library that --slim leaves out' },
]

export const command: Command = {
  spec: {
    name: 'image build',
    summary: 'build an image of contexts over a base without any engine, and audit what was built',
    details: [
      'The base, the packages of the contexts, their repairs and their environment become an OCI layout, an archive that ' +
        'podman, docker and skopeo read, or a plain root folder. Same input, same digests: times are those of the files, ' +
        'or SOURCE_DATE_EPOCH.',
      'The composed tree is audited before anything is written, and the image once more as it reads back, with its own ' +
        'packages. A finding at or above --fail-on is told with its layer; then there is no image under the name DEST, ' +
        'unless --keep. The image holds its audit and its materials (CycloneDX) in /etc/airtight, and its plan in a label.',
      'The image starts its arguments in the Rez environment, a shell without any; AIRTIGHT_CONTEXT chooses where it has ' +
        'several contexts.',
      '--slim knows what objects need and which names stand in their bytes and in Python files. It cannot know names that ' +
        'are put together at run time or stand in other files.',
      'Exits 1 with findings, 2 when the question is wrong or DEST cannot be written, 3 when something could not be read.',
    ],
    argument: { name: 'CONTEXT', required: true, many: true, help: 'an .rxt file, a package folder, or Rez requests' },
    options: [
      ...imageOptions,
      { name: 'format', value: 'FORMAT', choices: FORMATS, help: 'oci by default' },
      { name: 'compress', value: 'HOW', choices: COMPRESSIONS, help: 'layers: none by default, gzip to be pushed' },
      ...buildOptions,
    ],
    examples: [
      {
        says: 'an OCI layout with the repairs of a context',
        command: 'airtight image build lighting.rxt --base rocky9/base.yaml --repairs repairs -o images/lighting',
      },
      {
        says: 'an archive for podman load and docker load',
        command: 'airtight image build maya-2024 usd==24.8 --base oci:rocky9 --format docker-archive -o maya.tar',
      },
    ],
    outputFolder: true,
  },
  run: async (args, output) => {
    const path = args.value('output')
    if (path === null) throw new UsageError('-o DEST is missing', 'name the image: -o images/lighting')
    const format = FORMATS.find((name) => name === args.value('format')) ?? 'oci'
    const compression = COMPRESSIONS.find((name) => name === args.value('compress')) ?? 'none'
    if (format === 'folder' && args.value('compress') !== null) {
      throw new UsageError('--compress says how layers are packed, and a folder has none', 'leave it out')
    }
    return interrupted(async (signal) => {
      const report = await buildImage(buildQuestion(args, output, { format, path, compression, signal }))
      if ('failures' in report) {
        if (signal.aborted) return stopped(report, signal, output)
        throw failed(report, output)
      }
      return conclude(report, path, args, output)
    })
  },
}

/** The build that the arguments ask for. */
export function buildQuestion(
  args: Arguments,
  output: Output,
  target: Pick<BuildQuestion, 'format' | 'path' | 'compression' | 'signal'>,
): BuildQuestion {
  return {
    ...imageQuestion(args, output),
    ...target,
    slim: args.flag('slim'),
    keep: args.flag('keep'),
    failing: FAILING[args.value('fail-on') ?? 'error'] ?? [],
    tool: `airtight ${toolVersion()}`,
    said: (label, bytes) => output.progress(() => `writing    ${label}   ${Math.floor(bytes / 1_000_000)} MB`),
  }
}

/** Tells what was built, and gives the exit code. */
export function conclude(report: BuildReport, path: string, args: Arguments, output: Output): number {
  sayNotes(report.notes, output)
  for (const reason of report.incomplete) output.error(reason)
  const { failing, incomplete } = report
  output.result(
    args.value('report') === 'json'
      ? `${JSON.stringify(buildDocument(report, path), null, 2)}\n`
      : buildText(report, path, args.flag('all')),
  )
  return exitCode({ unread: incomplete.length > 0, findings: failing.length > 0 })
}
