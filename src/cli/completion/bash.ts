// Completion for bash 4 and newer.

import type { CommandWords, Follows } from './words.ts';

/** A script to be sourced. */
export function bashScript(commands: readonly CommandWords[]): string {
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap(({ flags, follows }) => {
      if (follows === 'nothing') return [];
      return [`    ${flags.map((flag) => `'${name} ${flag}'`).join('|')}) ${complete(follows)}; return ;;`];
    }),
  );
  const words = commands.map(({ name, options, argument }) => {
    const flags = options.flatMap((option) => option.flags).join(' ');
    return `    ${name}) if [[ $word == -* ]]; then __millrace_words '${flags}'; else ${complete(argument)}; fi ;;`;
  });
  return `# Completion of millrace for bash. To have it in this shell: source <(millrace completion bash)

__millrace_words() {
  COMPREPLY=( $(compgen -W "$1" -- "$word") )
}

__millrace_paths() {
  local IFS=$'\\n'
  COMPREPLY=( $(compgen -f -- "$word") )
  compopt -o filenames 2>/dev/null
}

_millrace() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    __millrace_words '${commands.map(({ name }) => name).join(' ')} --help --version'
    return
  fi
  case "$command $before" in
${values.join('\n')}
  esac
  case "$command" in
${words.join('\n')}
  esac
}

complete -F _millrace millrace`;
}

function complete(follows: Follows): string {
  if (follows === 'path') return '__millrace_paths';
  return typeof follows === 'string' ? ':' : `__millrace_words '${follows.join(' ')}'`;
}
