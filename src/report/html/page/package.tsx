/** The page of one package: what it says of itself, what is wrong, its objects, and what it takes from whom. */
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { SOURCES } from '../../package-rows.ts'
import { decisive, model, needsOf, objectAt, objectsOf, ownerName } from './audit.ts'
import type { Need } from './audit.ts'
import { Finding } from './findings.tsx'
import { address } from './route.ts'
import { Amount, AnswerCell, Code, count, Heads, More, ObjectLink, PackageLink, SOURCE_WORDS } from './words.tsx'

const STEP = 200

export function PackagePage({ id }: { readonly id: string | null }): JSX.Element {
  const index = Number(id ?? -1)
  const item = model.packages[index]
  if (item === undefined) return <h1>There is no such package in this audit.</h1>
  const findings = model.findings.flatMap((finding, place) => (finding.owner === index ? [place] : []))
  return (
    <>
      <h1>{item.id}</h1>
      <dl>
        <dt>root</dt>
        <dd>
          <Code text={item.root} />
        </dd>
        {item.variant !== null && <dt>variant</dt>}
        {item.variant !== null && <dd>{item.variant}</dd>}
        <dt>requires</dt>
        <dd>{item.requires.length === 0 ? 'nothing' : item.requires.join('  ')}</dd>
        <dt>tools</dt>
        <dd>{item.tools.length === 0 ? 'none' : item.tools.join('  ')}</dd>
        <dt>in the graph</dt>
        <dd>
          <a href={address('graph', index)}>who uses it, whom it uses</a>
        </dd>
      </dl>
      <table>
        <Heads names={[]} numbers={SOURCES.map((source) => SOURCE_WORDS[source])} />
        <tbody>
          <tr>
            {SOURCES.map((source) => (
              <Amount key={source} value={item.amounts[source]} source={source} />
            ))}
          </tr>
        </tbody>
      </table>
      <h2>{findings.length === 0 ? 'No finding' : count(findings.length, 'finding')}</h2>
      <ul class="findings">
        {findings.map((place) => (
          <Finding key={place} index={place} open={false} />
        ))}
      </ul>
      <Libraries item={index} />
      <Users item={index} />
      <Objects item={index} />
      <Environment item={index} />
    </>
  )
}

/** Each library the package asks for, once, with the most harmful answer that any of its objects gets. */
function Libraries({ item }: { readonly item: number }): JSX.Element | null {
  const rows = useMemo(() => worstNeeds(item), [item])
  const [limit, setLimit] = useState(STEP)
  if (rows.length === 0) return null
  return (
    <section>
      <h2>{rows.length === 1 ? '1 library it asks for' : `${rows.length} libraries it asks for`}</h2>
      <table>
        <Heads names={['name', 'on the host', 'in the base']} numbers={['objects']} />
        <tbody>
          {rows.slice(0, limit).map(({ need, objects }) => (
            <tr key={need.name}>
              <td>
                <Code text={model.names[need.name] ?? ''} />
              </td>
              <AnswerCell need={need} world="host" />
              <AnswerCell need={need} world="base" />
              <td class="number">{objects}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <More left={rows.length - limit} show={() => setLimit(limit + STEP)} />
    </section>
  )
}

function worstNeeds(item: number): readonly { readonly need: Need; readonly objects: number }[] {
  const rows = new Map<number, { need: Need; objects: number }>()
  for (const object of objectsOf(item)) {
    for (const need of needsOf(object)) {
      const known = rows.get(need.name)
      if (known === undefined) rows.set(need.name, { need, objects: 1 })
      else {
        known.objects += 1
        if (SOURCES.indexOf(need.source) > SOURCES.indexOf(known.need.source)) known.need = need
      }
    }
  }
  return [...rows.values()].sort(
    (a, b) => SOURCES.indexOf(b.need.source) - SOURCES.indexOf(a.need.source) || a.need.name - b.need.name,
  )
}

function Users({ item }: { readonly item: number }): JSX.Element | null {
  const users = model.edges.filter((edge) => edge.to === item)
  if (users.length === 0) return null
  return (
    <section>
      <h2>Used by {count(users.length, 'package')}</h2>
      <ul class="inline">
        {users.map((edge) => (
          <li key={edge.from}>
            <PackageLink index={edge.from} />
            {edge.undeclared && <span class="leak"> does not require it</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Objects({ item }: { readonly item: number }): JSX.Element | null {
  const objects = objectsOf(item)
  const [limit, setLimit] = useState(STEP)
  if (objects.length === 0) return null
  return (
    <section>
      <h2>{count(objects.length, 'object')}</h2>
      <table>
        <Heads names={['file', 'role', 'soname', 'takes from']} />
        <tbody>
          {objects.slice(0, limit).map((index) => (
            <tr key={index}>
              <td>
                <ObjectLink index={index} />
              </td>
              <td>{objectAt(index)?.role ?? ''}</td>
              <td>
                <Code text={objectAt(index)?.soname ?? ''} />
              </td>
              <td>{takesFrom(index)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <More left={objects.length - limit} show={() => setLimit(limit + STEP)} />
    </section>
  )
}

function takesFrom(object: number): JSX.Element {
  const owners = new Set<string>()
  for (const need of needsOf(object)) {
    const file = decisive(need)?.file ?? null
    if (file === null) owners.add('missing')
    else if (objectAt(file)?.owner != null && objectAt(file)?.owner !== objectAt(object)?.owner) {
      owners.add(ownerName(file))
    }
  }
  return <>{[...owners].sort().join(', ')}</>
}

function Environment({ item }: { readonly item: number }): JSX.Element | null {
  const entries = model.packages[item]?.environment ?? []
  if (entries.length === 0) return null
  return (
    <section>
      <h2>Environment</h2>
      <table>
        <tbody>
          {entries.map((entry, place) => (
            <tr key={place}>
              <td>
                <Code text={entry.name} />
              </td>
              <td>
                <Code text={entry.value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
