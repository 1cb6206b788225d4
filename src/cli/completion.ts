/** `airtight completion`: what a shell needs to complete commands, options and their values. */
import { bashScript, fishScript, zshScript } from './completion-scripts.ts'
import { UsageError } from './exit.ts'
import type { Command } from './spec.ts'

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

export const command: Command = {
  spec: {
    name: 'completion',
    summary: 'a script that completes commands, options and their values in a shell',
    details: [
      'bash: airtight completion bash > /etc/bash_completion.d/airtight, or eval it in ~/.bashrc.',
      'zsh: airtight completion zsh > a folder of fpath, as _airtight.',
      'fish: airtight completion fish > ~/.config/fish/completions/airtight.fish.',
    ],
    argument: { name: 'SHELL', required: true, many: false, help: 'bash, zsh or fish' },
    options: [],
    examples: [{ says: 'for this shell', command: 'airtight completion bash | source /dev/stdin' }],
  },
  run: async (args, output, specs) => {
    const shell = args.positionals[0] ?? ''
    if (!isShell(shell)) throw new UsageError(`no completion for '${shell}'`, 'there are bash, zsh and fish')
    output.result(SCRIPTS[shell](await specs()))
    return 0
  },
}

function isShell(name: string): name is keyof typeof SCRIPTS {
  return Object.hasOwn(SCRIPTS, name)
}
