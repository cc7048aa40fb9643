import { Command, Option } from 'commander';
import { VERSION } from '../runtime/contract/version.ts';
import { runSession } from './session.ts';

const JSON_OPTION = ['--json', 'print one JSON document on standard output'] as const;

/** The whole command line. Each command loads its module only when it runs. Exit codes: docs/reference/commands.md. */
export function buildProgram(): Command {
  const program = new Command('mediasmith')
    .description('Builds bootable Windows deployment media, and proves that they work')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(add --help for what the command takes)');

  program
    .command('demo')
    .description('make a synthetic Windows image, build a medium, deploy a virtual disk with it and boot the disk')
    .option('--folder <folder>', 'where the results go', 'out/demo')
    .option(...JSON_OPTION)
    .action((options) =>
      runSession(options, async (session) => (await import('./commands/demo.ts')).demo(session, options)),
    );

  program
    .command('validate')
    .description('check a media.yaml or a task sequence and list every problem with its place')
    .argument('<file>', 'media.yaml, or a task sequence')
    .option(...JSON_OPTION)
    .action((file, options) =>
      runSession(options, async () => (await import('./commands/validate.ts')).validate(file)),
    );

  program
    .command('build')
    .description('build the media that a media.yaml asks for')
    .argument('[file]', 'the project', 'media.yaml')
    .option('--dry-run', 'print what would be done, with sizes, and write nothing')
    .option('--verify-sources', 'read all data of every WIM first, also of large ones')
    .option('--refresh-boot-environment', "look for newer versions of the boot environment's packages")
    .option(...JSON_OPTION)
    .action((file, options) =>
      runSession(options, async (session) => (await import('./commands/build.ts')).build(session, file, options)),
    );

  program
    .command('inspect')
    .description('say what a medium has on it, what it starts and who signed that')
    .argument('<medium>', 'an ISO file, a PXE tree, or the folder where a stick is mounted')
    .option(...JSON_OPTION)
    .action((medium, options) =>
      runSession(options, async (session) => (await import('./commands/inspect.ts')).inspect(session, medium)),
    );

  program
    .command('verify')
    .description('read all of a medium and compare it with its manifest; exit code 4 when it is damaged')
    .argument('<medium>', 'an ISO file, a PXE tree, or the folder where a stick is mounted')
    .option(...JSON_OPTION)
    .action((medium, options) =>
      runSession(options, async (session) => (await import('./commands/verify.ts')).verify(session, medium)),
    );

  program
    .command('boot-test')
    .description('boot a medium in a virtual machine, let it deploy an empty disk and say whether that went well')
    .argument('<file>', 'an ISO file')
    .addOption(
      new Option('--firmware <kind>', 'what starts the machine')
        .choices(['uefi', 'secureboot', 'bios'])
        .default('uefi'),
    )
    .addOption(new Option('--as <kind>', 'how the medium is attached').choices(['cdrom', 'usb']).default('cdrom'))
    .option('--disk <size>', 'size of the empty disk', '8 GB')
    .option('--memory <size>', 'memory of the machine', '1 GB')
    .option('--folder <folder>', 'where screenshots and the serial log go', 'out/boot-test')
    .option('--keep-disk', 'keep the deployed disk image')
    .option(...JSON_OPTION)
    .action((file, options) =>
      runSession(options, async (session) =>
        (await import('./commands/boot-test.ts')).bootTest(session, file, options),
      ),
    );

  program
    .command('doctor')
    .description('list the programs that are needed, which are missing, and how to get them')
    .option(...JSON_OPTION)
    .action((options) => runSession(options, async () => (await import('./commands/doctor.ts')).doctor()));

  program
    .command('reference')
    .description('print the reference of the file formats, the steps and the commands, or write its files')
    .option('--write <folder>', 'write the Markdown pages and the JSON Schemas into this folder')
    .option(...JSON_OPTION)
    .action((options) =>
      runSession(options, async () => (await import('./commands/reference.ts')).reference(program, options)),
    );

  return program;
}
