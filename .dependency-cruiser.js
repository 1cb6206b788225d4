// The layers of the source: a line may import from the lines above it, never from below or beside.
const layers = [
  ['domain'],
  ['graph'],
  ['elf', 'rez', 'tree'],
  ['system'],
  ['loader'],
  ['policy'],
  ['rules'],
  ['repair'],
  ['migrate', 'runtime'],
  ['image'],
  ['report'],
  ['app'],
  ['cli'],
]

const order = layers.flatMap((names, line) =>
  names.map((name) => ({
    name: `${name}-imports-upwards-only`,
    comment: `src/${name} may import from the layers above it; anything else makes a circle of responsibilities.`,
    severity: 'error',
    from: { path: `^src/${name}/` },
    to: {
      path: '^src/',
      pathNot: `^src/(${[...layers.slice(0, line).flat(), name].join('|')})/`,
    },
  })),
)

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...order,
    {
      name: 'no-circular',
      comment: 'A circle cannot be read in any order.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-stands-alone',
      comment: 'The words of the project depend on nothing.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'machine-at-the-edge',
      comment:
        'Same bytes, same answers: only these layers see files, processes and the environment; image writes them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(tree|system|rez|image|app|cli)/' },
      to: { path: '^(node:)?(fs|fs/promises|child_process|process|os|net|http|https|worker_threads)$' },
    },
    {
      name: 'no-unresolved-import',
      comment: 'What cannot be found cannot be checked.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'licences-that-may-ship',
      comment: 'What is bundled travels under its own licence, and must fit Apache-2.0.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm'], licenseNot: '^(MIT|ISC|BSD-2-Clause|BSD-3-Clause|0BSD|Apache-2.0)$' },
    },
    {
      name: 'nothing-forgotten',
      comment: 'What the command line never reaches is not part of the tool.',
      severity: 'error',
      from: { path: '^src/(cli/main[.]ts|report/html/page/main[.]tsx)$' },
      to: { path: '^src/', pathNot: '^src/(cli/main[.]ts|report/html/page/main[.]tsx)$', reachable: false },
    },
    {
      name: 'no-tests-in-production',
      comment: 'What ships never needs what tests it.',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { path: '^(test|tools|bench)/' },
    },
    {
      name: 'no-development-packages',
      comment: 'What ships may use only what package.json lists under dependencies.',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-unknown', 'npm-no-pkg'], pathNot: '^node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
