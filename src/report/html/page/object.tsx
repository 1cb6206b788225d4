/** The page of one file: what it is, what it asks for and gets in each world, and who loads it. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { model, needsOf, objectAt, ownerName, usersOf } from './audit.ts'
import { AnswerCell, Code, count, Heads, More, ObjectLink, PackageLink } from './words.tsx'

const STEP = 200

export function ObjectPage({ id }: { readonly id: string | null }): JSX.Element {
  const index = Number(id ?? -1)
  const object = objectAt(index)
  if (object === null) return <h1>There is no such file in this audit.</h1>
  return (
    <>
      <h1 class="path">{object.path}</h1>
      <dl>
        <dt>belongs to</dt>
        <dd>{object.owner === null ? ownerName(index) : <PackageLink index={object.owner} />}</dd>
        {object.role !== null && <dt>role</dt>}
        {object.role !== null && (
          <dd>
            {object.role}
            {object.public ? ', a public copy' : ''}
          </dd>
        )}
        <dt>soname</dt>
        <dd>{object.soname === null ? 'none' : <Code text={object.soname} />}</dd>
        <dt>size</dt>
        <dd>{object.size.toLocaleString('en-US')} bytes</dd>
        {object.build_id !== null && <dt>build id</dt>}
        {object.build_id !== null && (
          <dd>
            <Code text={object.build_id} />
          </dd>
        )}
      </dl>
      <Needs object={index} />
      <LoadedBy object={index} />
    </>
  )
}

function Needs({ object }: { readonly object: number }): JSX.Element {
  const needs = needsOf(object)
  if (needs.length === 0) return <p class="faint">It asks for no library of its own.</p>
  return (
    <section>
      <h2>{count(needs.length, 'need')}</h2>
      <table>
        <Heads names={['name', 'on the host', 'in the base', ...(model.contexts.length > 1 ? ['context'] : [])]} />
        <tbody>
          {needs.map((need, place) => (
            <tr key={place}>
              <td>
                <Code text={model.names[need.name] ?? ''} />
              </td>
              <AnswerCell need={need} world="host" />
              <AnswerCell need={need} world="base" />
              {model.contexts.length > 1 && <td>{model.contexts[need.context]?.name ?? ''}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function LoadedBy({ object }: { readonly object: number }): JSX.Element | null {
  const users = [...new Set(usersOf(object).map((need) => need.object))]
  const [limit, setLimit] = useState(STEP)
  if (users.length === 0) return null
  return (
    <section>
      <h2>Loaded by {count(users.length, 'object')} of packages</h2>
      <ul class="plain">
        {users.slice(0, limit).map((index) => (
          <li key={index}>
            <ObjectLink index={index} /> <span class="faint">{ownerName(index)}</span>
          </li>
        ))}
      </ul>
      <More left={users.length - limit} show={() => setLimit(limit + STEP)} />
    </section>
  )
}
