/** The use case of `run`: an image or a context is started with the caller's ids, home, working folder and licences. */
import { existsSync, mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { isatty } from 'node:tty'
import { faultText } from '../domain/fault.ts'
import type { Policy } from '../policy/policy.ts'
import { isPolicy } from '../policy/policy.ts'
import type { Engine, Launch, LaunchMount, LaunchUser } from '../runtime/launch.ts'
import { mountOf, sessionOf } from '../runtime/session.ts'
import type { SessionWishes } from '../runtime/session.ts'
import { SYSTEM_PATH } from '../runtime/system-path.ts'
import type { AuditOptions } from './audit-options.ts'
import { TRACE } from './observe-run.ts'
import type { Ended } from './pass-through.ts'
import { passThrough } from './pass-through.ts'
import { loadPolicy } from './policy-file.ts'
import type { Choice } from './run-engines.ts'
import { chooseEngine } from './run-engines.ts'
import type { Subject } from './run-target.ts'
import { contextSubject, imageSubject, isContext } from './run-target.ts'
import type { UnpackProgress } from './run-unpacked.ts'

export interface RunQuestion {
  /** The image, or what makes the context. */
  readonly subjects: readonly string[]
  readonly audit: AuditOptions
  /** Program and arguments; empty for a shell. */
  readonly command: readonly string[]
  readonly engine: Engine | null
  readonly wishes: Omit<SessionWishes, 'licences'>
  /** `SRC[:DEST[:ro]]`. */
  readonly mounts: readonly string[]
  /** A folder for the trace of the loader inside, null for none. */
  readonly trace: string | null
  /** Told what is unpacked where an engine needs that. */
  readonly progress: UnpackProgress | null
}

/** What would be started. */
export interface RunPlan extends Choice {
  /** What was left out or done otherwise than asked. */
  readonly notes: readonly string[]
  /** What is started, and what of its environment is not known: for a person who watches. */
  readonly remarks: readonly string[]
}

/** Plans a start; what stands in its way in whole sentences, the last with what to do where there is something. */
export async function planRun(question: RunQuestion): Promise<RunPlan | { readonly failures: readonly string[] }> {
  const { audit } = question
  const policy = await loadPolicy(audit.policy, audit.folder)
  if (!isPolicy(policy)) return { failures: policy.map(faultText) }
  const subject = await subjectOf(question, policy)
  if ('failures' in subject) return subject
  const built = launchOf(question, subject, policy)
  if ('failures' in built) return built
  const choice = await chooseEngine(built.launch, question.engine, question.progress)
  if ('reasons' in choice) return { failures: [`no engine can start it: ${choice.reasons.join('; ')}`] }
  return { ...choice, notes: built.notes, remarks: subject.notes }
}

async function subjectOf(
  { subjects, audit, progress }: RunQuestion,
  policy: Policy,
): Promise<Subject | { readonly failures: readonly string[] }> {
  if (isContext(subjects, audit)) {
    const subject = await contextSubject(audit, policy, progress)
    return 'failures' in subject ? { failures: subject.failures.map(faultText) } : subject
  }
  const subject = await imageSubject(subjects[0] ?? '', audit.folder)
  return 'message' in subject ? { failures: [faultText(subject)] } : subject
}

interface BuiltLaunch {
  readonly launch: Launch
  readonly notes: readonly string[]
}

function launchOf(
  question: RunQuestion,
  subject: Subject,
  policy: Policy,
): BuiltLaunch | { readonly failures: readonly string[] } {
  const user = caller()
  const wishes = { ...question.wishes, licences: policy.runtime.licenceVariables }
  const facts = {
    env: process.env,
    home: user.home,
    user: user.name,
    folder: question.audit.folder,
    exists: existsSync,
  }
  const session = sessionOf(facts, wishes)
  const asked = mountsOf(question.mounts, '--mount')
  const assets = mountsOf(policy.runtime.mounts, 'runtime.mounts')
  // A policy serves many machines: what this one does not have is left out, and said.
  const absent = assets.mounts.filter(({ source }) => !existsSync(source))
  const failures = [
    ...session.failures,
    ...asked.failures,
    ...assets.failures,
    ...asked.mounts
      .filter(({ source }) => !existsSync(source))
      .map(({ source }) => `--mount: ${source} does not exist`),
  ]
  if (failures.length > 0) return { failures }
  const trace = question.trace === null ? null : traceOf(resolve(question.audit.folder, question.trace))
  const mounts = [
    ...session.mounts,
    ...subject.mounts,
    ...assets.mounts.filter((mount) => !absent.includes(mount)),
    ...asked.mounts,
    ...(trace?.mounts ?? []),
  ]
  const words = question.command.length > 0 ? question.command : ['/bin/sh']
  return {
    launch: {
      target: subject.target,
      command: subject.command(words),
      user,
      folder: session.folder,
      terminal: isatty(0) && isatty(1),
      // Of equal places the last wins.
      mounts: [...new Map(mounts.map((mount) => [mount.target, mount])).values()],
      env: [...pathOf(subject), ...session.env, ...(trace?.env ?? [])],
      gpu: question.wishes.gpu ? deviceOf(policy) : null,
      devices: session.devices,
    },
    notes: [
      ...session.notes,
      ...absent.map(({ source }) => `runtime.mounts: ${source} does not exist on this machine, and is left out`),
    ],
  }
}

/** A root folder has no configuration that would name a PATH. */
function pathOf({ target }: Subject): Launch['env'] {
  return target.kind === 'folder' ? [['PATH', SYSTEM_PATH]] : []
}

function mountsOf(
  texts: readonly string[],
  origin: string,
): { readonly mounts: readonly LaunchMount[]; readonly failures: readonly string[] } {
  const read = texts.map(mountOf)
  return {
    mounts: read.filter((item) => typeof item !== 'string'),
    failures: read.filter((item) => typeof item === 'string').map((text) => `${origin}: ${text}`),
  }
}

/** The loader inside writes into a folder of ours, at the same path. */
function traceOf(folder: string): { readonly mounts: readonly LaunchMount[]; readonly env: Launch['env'] } {
  mkdirSync(folder, { recursive: true })
  return {
    mounts: [{ source: folder, target: folder, readOnly: false }],
    env: [
      ['LD_DEBUG', TRACE],
      ['LD_DEBUG_OUTPUT', `${folder}/ld`],
    ],
  }
}

function deviceOf(policy: Policy): string {
  return policy.drivers.find(({ device }) => device !== null)?.device ?? 'nvidia.com/gpu=all'
}

function caller(): LaunchUser {
  const { uid, gid, username, homedir } = userInfo()
  const groups = (process.getgroups?.() ?? []).filter((group) => group !== gid)
  return { uid, gid, groups: groups.sort((a, b) => a - b), name: username, home: process.env['HOME'] ?? homedir }
}

/** Starts what was planned. Null as code: the engine itself failed before the command began. */
export async function startRun(plan: RunPlan): Promise<Ended & { readonly begun: boolean }> {
  const [program, ...args] = plan.args
  if (plan.engine !== 'bwrap') return { ...(await passThrough(program, args, { env: process.env })), begun: true }
  let child: number | null = null
  const seen = { exit: false }
  const ended = await passThrough(program, ['--json-status-fd', '3', ...args], {
    env: process.env,
    status: (line) => {
      const pid = /"child-pid": *(\d+)/.exec(line)?.[1]
      if (pid !== undefined) child = Number(pid)
      if (line.includes('"exit-code"')) seen.exit = true
    },
    // bwrap hands no signal on; its child is the command.
    signalled: () => child,
  })
  return { ...ended, begun: seen.exit || ended.signal !== null }
}
