/** Conditions whose outcome does not matter: they ask and never raise, and what they decide only speaks to people. */
import type { Argument, Expression, Statement } from './syntax.ts'

type If = Extract<Statement, { kind: 'if' }>

/** Whether the environment is the same whichever branch runs. */
export function isWithoutEffect({ branches, otherwise }: If): boolean {
  return branches.every(({ test, body }) => onlyAsks(test) && body.every(onlySpeaks)) && otherwise.every(onlySpeaks)
}

/** All statements below it. */
export function decidedBy({ branches, otherwise }: If): readonly Statement[] {
  const own = [...branches.flatMap(({ body }) => body), ...otherwise]
  return own.flatMap((inner) => (inner.kind === 'if' ? [inner, ...decidedBy(inner)] : [inner]))
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
