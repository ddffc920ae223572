// Completion for zsh, with descriptions.

import type { CommandWords, Follows, OptionWords } from './words.ts';

/** A script to be sourced, or to be named `_millrace` in a folder of `fpath`. */
export function zshScript(commands: readonly CommandWords[]): string {
  const described = commands.map(({ name, description }) => `    ${quote(`${name}:${description}`)}`);
  const cases = commands.map(({ name, options, argument }) => {
    const specs = [
      ...options.map(optionSpec),
      ...(argument === 'nothing' ? [] : [quote(`1:argument:${action(argument)}`)]),
    ];
    return `    ${name}) _arguments -s ${specs.join(' ')} ;;`;
  });
  return `#compdef millrace
# Completion of millrace for zsh. To have it in this shell: source <(millrace completion zsh)

_millrace() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  words=("\${words[@]:1}")
  (( CURRENT -= 1 ))
  case $command in
${cases.join('\n')}
  esac
}

if [[ $funcstack[1] == _millrace ]]; then _millrace "$@"; else compdef _millrace millrace; fi`;
}

function optionSpec({ flags, description, follows }: OptionWords): string {
  const value = follows === 'nothing' ? '' : `:value:${action(follows)}`;
  const text = `[${description.replace(/[[\]:\\]/g, '\\$&')}]${value}`;
  return flags.map((flag) => quote(`*${flag}${text}`)).join(' ');
}

function action(follows: Follows): string {
  if (follows === 'path') return '_files';
  return typeof follows === 'string' ? ' ' : `(${follows.join(' ')})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
