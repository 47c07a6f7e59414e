/** Commander's complaints as our own: one sentence, and the nearest real name. */
import type { Command, CommanderError } from 'commander';
import { InputError } from '../../core/contract/errors.ts';
import { suggestName } from '../../core/contract/nearest-name.ts';

export function explainCommanderError(error: CommanderError, program: Command, args: readonly string[]): InputError {
  const code = error.code.replace(/^commander\./, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const name = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const command = program.commands.find((candidate) => args.includes(candidate.name()));
  switch (error.code) {
    case 'commander.unknownCommand': {
      const names = program.commands.map((candidate) => candidate.name());
      return new InputError(code, `there is no command "${name}": ${suggestName(name, names)}`);
    }
    case 'commander.unknownOption': {
      const options = [program, ...(command === undefined ? [] : [command])].flatMap((owner) =>
        owner.options.flatMap(({ long }) => long ?? []),
      );
      const names = [...options, '--help'];
      return new InputError(
        code,
        `there is no option "${name}"${command === undefined ? '' : ` for ${command.name()}`}: ${suggestName(name, names)}`,
      );
    }
    case 'commander.missingArgument':
      return new InputError(
        code,
        `${command?.name() ?? 'this command'} needs an argument, <${name}>: see "npm start -- ${command?.name() ?? ''} --help"`,
      );
    default:
      return new InputError(code, (error.message.split('\n')[0] ?? '').replace(/^error: /, '').replaceAll("'", '"'));
  }
}
