/** Conditions whose outcome does not matter to the environment: what they decide speaks to people, or ends the resolve. */
import type { Argument, Expression, Statement } from './syntax.ts'
import { walk } from './walk.ts'

type If = Extract<Statement, { kind: 'if' }>

/** Whether the environment is the same whichever branch runs. */
export function isWithoutEffect({ branches, otherwise }: If): boolean {
  return branches.every(({ test, body }) => onlyAsks(test) && body.every(onlySpeaks)) && otherwise.every(onlySpeaks)
}

/**
 * The only branch that does not end the resolve, from the condition with this index on, which is not known; null where
 * there is another. A resolve that ends has no environment, so whichever there is, this branch has run.
 */
export function onlyWayOn({ branches, otherwise }: If, from: number): readonly Statement[] | null {
  const open = branches.slice(from)
  const ways = [...open.map(({ body }) => body), otherwise].filter((body) => !endsResolve(body))
  const [only] = ways
  return only !== undefined && ways.length === 1 && open.every(({ test }) => changesNothing(test)) ? only : null
}

/** Whether code, wherever it raises on its way, comes to a `stop()` or a `raise`. */
function endsResolve(body: readonly Statement[]): boolean {
  const last = body.at(-1)
  if (last === undefined || !body.slice(0, -1).every(({ kind }) => STRAIGHT.has(kind))) return false
  if (last.kind === 'raise') return true
  return last.kind === 'expression' && last.value.kind === 'call' && dotted(last.value.callee) === 'stop'
}

const STRAIGHT: ReadonlySet<string> = new Set(['expression', 'assign', 'augmented', 'import', 'pass'])

/** Whether evaluating a condition leaves everything as it is; it may raise. */
function changesNothing(test: Expression): boolean {
  let nothing = true
  walk(test, (node) => {
    if (!('kind' in node)) return false
    if (node.kind === 'walrus' || node.kind === 'lambda' || node.kind === 'unsupported') nothing = false
    if (node.kind === 'call' && !isQuestion(node.callee)) nothing = false
    return nothing
  })
  return nothing
}

function isQuestion(callee: Expression): boolean {
  if (callee.kind === 'name') return QUESTIONS.has(callee.name)
  return callee.kind === 'attribute' && (QUESTIONS.has(callee.name) || dotted(callee).startsWith('os.path.'))
}

/** Functions and methods that answer and do nothing else. */
const QUESTIONS: ReadonlySet<string> = new Set(
  (
    'all any bool defined endswith exists format get getenv int isdir isfile isinstance items join keys len list lower ' +
    'max min replace sorted split startswith str strip tuple undefined upper value values'
  ).split(' '),
)

/** The statements of branches, and those of the conditions among them. */
export function statementsOf(bodies: readonly (readonly Statement[])[]): readonly Statement[] {
  return bodies.flat().flatMap((one) => {
    if (one.kind !== 'if') return [one]
    return [one, ...statementsOf([...one.branches.map(({ body }) => body), one.otherwise])]
  })
}

function onlySpeaks(statement: Statement): boolean {
  if (statement.kind === 'pass') return true
  if (statement.kind === 'if') return isWithoutEffect(statement)
  if (statement.kind !== 'expression') return false
  const { value } = statement
  if (value.kind === 'constant') return true
  return value.kind === 'call' && SPEAKING.has(dotted(value.callee)) && constant(value.arguments)
}

const SPEAKING: ReadonlySet<string> = new Set(
  'print info error comment sys.stdout.write sys.stderr.write sys.stdout.flush sys.stderr.flush'.split(' '),
)

/** Questions that have an answer whatever the caller has. */
const ASKING: ReadonlySet<string> = new Set(
  'defined undefined os.getenv os.environ.get os.path.exists os.path.isfile os.path.isdir'.split(' '),
)

/** Functions that are known here by their names alone: a package may have one of its own that is called so. */
export const KNOWN_BY_NAME: ReadonlySet<string> = new Set(
  [...QUESTIONS, ...SPEAKING, ...ASKING, 'stop'].filter((name) => !name.includes('.')),
)

function onlyAsks(test: Expression): boolean {
  switch (test.kind) {
    case 'constant':
      return true
    case 'name':
      return test.name === 'building' || test.name === 'testing'
    case 'unary':
      return test.operator === 'not' && onlyAsks(test.operand)
    case 'logical':
      return onlyAsks(test.left) && onlyAsks(test.right)
    case 'call':
      return ASKING.has(dotted(test.callee)) && constant(test.arguments)
    case 'compare':
      return (
        test.first.kind === 'constant' &&
        test.rest.every(({ operator, right }) => (operator === 'in' || operator === 'not in') && isEnvironment(right))
      )
    default:
      return false
  }
}

function isEnvironment(node: Expression): boolean {
  if (node.kind === 'call') return node.arguments.length === 0 && dotted(node.callee) === 'env.keys'
  return dotted(node) === 'env' || dotted(node) === 'os.environ'
}

function constant(args: readonly Argument[]): boolean {
  return args.every(({ star, value }) => star === null && value.kind === 'constant')
}

/** `a.b.c` as it is written; empty for anything else. */
function dotted(node: Expression): string {
  if (node.kind === 'name') return node.name
  return node.kind === 'attribute' && dotted(node.object) !== '' ? `${dotted(node.object)}.${node.name}` : ''
}
