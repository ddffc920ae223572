// Completion for fish, with descriptions.

import type { CommandWords, Follows } from './words.ts';

/** A script to be sourced, or to be named `millrace.fish` in fish's folder of completions. */
export function fishScript(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap(({ name, description, options, argument }) => {
    const within = `complete -c millrace -n '__fish_seen_subcommand_from ${name}'`;
    const own = options.map(({ flags, description: text, follows }) => {
      const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      return [within, ...names, ...value(follows), `-d ${quote(text)}`].join(' ');
    });
    const values = argument === 'nothing' ? [] : [[within, ...positional(argument)].join(' ')];
    return [`complete -c millrace -n __fish_use_subcommand -a ${name} -d ${quote(description)}`, ...own, ...values];
  });
  return `# Completion of millrace for fish. To have it in this shell: millrace completion fish | source

complete -c millrace -f
${lines.join('\n')}`;
}

function value(follows: Follows): string[] {
  if (follows === 'nothing') return [];
  if (follows === 'path') return ['-r', '-F'];
  return typeof follows === 'string' ? ['-x'] : ['-x', `-a ${quote(follows.join(' '))}`];
}

function positional(follows: Follows): string[] {
  return typeof follows === 'string' ? ['-F'] : [`-a ${quote(follows.join(' '))}`];
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
