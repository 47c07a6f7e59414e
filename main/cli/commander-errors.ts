/** Commander's complaints as our own: one sentence, and the nearest real name. */
import type { Command, CommanderError } from 'commander';
import { InputError } from '../../core/contract/errors.ts';
import { suggestName } from '../../core/contract/nearest-name.ts';

export function explainCommanderError(error: CommanderError, program: Command, args: readonly string[]): InputError {
  const code = error.code.replace(/^commander\./, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const name = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const path = findCommands(program, args);
  const command = path.at(-1)!;
  const words = path.slice(1).map((step) => step.name());
  switch (error.code) {
    case 'commander.unknownCommand':
      return unknownCommand(command, words, name);
    case 'commander.excessArguments': {
      // A command with commands of its own takes a wrong one for an argument.
      const word = args[args.indexOf(command.name()) + 1];
      if (command.commands.length > 0 && word !== undefined) return unknownCommand(command, words, word);
      return new InputError(code, plainMessage(error));
    }
    case 'commander.unknownOption': {
      const names = [...new Set([...path.flatMap(({ options }) => options.flatMap(({ long }) => long ?? [])), '--help'])];
      const owner = words.length === 0 ? '' : ` for ${words.join(' ')}`;
      return new InputError(code, `there is no option "${name}"${owner}: ${suggestName(name, names)}`);
    }
    case 'commander.missingArgument':
      return new InputError(
        code,
        `${words.join(' ') || 'this command'} needs an argument, <${name}>: see "npm start -- ${[...words, '--help'].join(' ')}"`,
      );
    case 'commander.help': {
      // Said without any word: it has commands of its own.
      const names = command.commands.map((candidate) => candidate.name());
      return new InputError('missing-command', `${words.join(' ')} needs a command: ${names.join(', ')}`);
    }
    default:
      return new InputError(code, plainMessage(error));
  }
}

function unknownCommand({ commands }: Command, words: readonly string[], name: string): InputError {
  const names = commands.map((candidate) => candidate.name());
  return new InputError('unknown-command', `there is no command "${[...words, name].join(' ')}": ${suggestName(name, names)}`);
}

function plainMessage({ message }: CommanderError): string {
  return (message.split('\n')[0] ?? '')
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replaceAll("'", '"');
}

/** The program, its command and that one's, as far as `args` name them. */
function findCommands(program: Command, args: readonly string[]): Command[] {
  const path = [program];
  for (const word of args) {
    const next = path.at(-1)!.commands.find((candidate) => candidate.name() === word);
    if (next !== undefined) path.push(next);
  }
  return path;
}
