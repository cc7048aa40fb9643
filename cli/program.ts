import { Command, Option } from 'commander';
import { VERSION } from '../runtime/contract/version.ts';
import { runSession } from './session.ts';
import type { WizardFlag } from './wizard/flags.ts';

const JSON_OPTION = ['--json', 'print one JSON document on standard output'] as const;
const MEDIUM =
  'an ISO file, a PXE tree, a stick, an image file of one, a prestaged WIM, or the folder where one is mounted';
const SERIAL_OPTION = ['--serial <serial...>', 'the serial of each stick, as "usb list" shows it'] as const;
const DEVICE_OPTION = ['--device <path...>', 'the path of each stick, for those without a serial'] as const;
const YES_OPTION = ['--yes', 'ask nothing; the sticks must be named by --serial'] as const;

/**
 * The whole command line. Each command loads its module only when it runs. `ofInit`: the wizard's flags, which come from
 * its questions; the other commands do without them. Exit codes: docs/reference/commands.md.
 */
export function buildProgram(ofInit: readonly WizardFlag[]): Command {
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

  const init = program
    .command('init')
    .description('ask for what makes a medium, write its media.yaml and its task sequences, and build it if wanted')
    .argument('[folder]', 'the folder of the project', '.');
  for (const { flag, description, choices, repeatable } of ofInit) {
    const option = new Option(flag, description);
    if (repeatable) option.argParser<string[]>((value, others = []) => [...others, value]);
    init.addOption(choices === undefined ? option : option.choices(choices));
  }
  init
    .option('--yes', 'ask nothing: take the standard answer for everything that is not given')
    .option('--build', 'build the medium afterwards; where nobody is asked it is not built otherwise')
    .option('--no-build', 'write the files and build nothing')
    .option('--continue', 'go on with the answers of a run that was left in the middle')
    .option('--restart', 'forget the answers of a run that was left in the middle')
    .option(...JSON_OPTION)
    .action((folder, options) =>
      runSession(options, async (session) => (await import('./commands/init.ts')).init(session, folder, options)),
    );

  program
    .command('validate')
    .description('check a media.yaml or a task sequence and list every problem with its place')
    .argument('<file>', 'media.yaml, or a task sequence')
    .option(...JSON_OPTION)
    .action((file, options) =>
      runSession(options, async () => (await import('./commands/validate.ts')).validate(file), { problems: [] }),
    );

  program
    .command('simulate')
    .description('run a task sequence on a recorded machine and say what would happen; exit code 5 when it fails')
    .argument('<sequence>', 'a task sequence; child sequences lie beside it')
    .requiredOption('--machine <file>', 'the recorded machine')
    .option('--fail <step=code...>', 'let the first program of this step end with this exit code')
    .option('--variable <name=value...>', 'a variable that the medium would give')
    .option('--expect <file>', 'compare with what "simulate --json" printed before; exit code 4 when it differs')
    .option(...JSON_OPTION)
    .action((file, options) =>
      runSession(options, async (session) => (await import('./commands/simulate.ts')).simulate(session, file, options)),
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
    .argument('<medium>', MEDIUM)
    .option('--html <file>', 'write it as one page, to be printed and put in the bag')
    .option(...JSON_OPTION)
    .action((medium, options) =>
      runSession(options, async (session) => (await import('./commands/inspect.ts')).inspect(session, medium, options)),
    );

  program
    .command('verify')
    .description('read all of a medium and compare it with its manifest; exit code 4 when it is damaged')
    .argument('<medium>', MEDIUM)
    .option('--key <key>', "the public key that must have signed it: minisign's file, or the key itself")
    .option(...JSON_OPTION)
    .action((medium, options) =>
      runSession(options, async (session) => (await import('./commands/verify.ts')).verify(session, medium, options)),
    );

  program
    .command('boot-test')
    .description('boot a medium in a virtual machine, let it deploy a disk and say whether that went well')
    .argument('<file>', 'an ISO file, or the image of a stick or of a prestaged disk')
    .addOption(
      new Option('--firmware <kind>', 'what starts the machine')
        .choices(['uefi', 'secureboot', 'bios'])
        .default('uefi'),
    )
    .addOption(
      new Option(
        '--as <kind>',
        'how an ISO is attached; the image of a stick is always usb, that of a prestaged disk is the disk',
      )
        .choices(['cdrom', 'usb'])
        .default('cdrom'),
    )
    .option('--disk <size>', 'size of the disk', '8 GB')
    .option('--memory <size>', 'memory of the machine', '1 GB')
    .option('--folder <folder>', 'where screenshots and the serial log go', 'out/boot-test')
    .option('--keep-disk', 'keep the deployed disk image')
    .option(...JSON_OPTION)
    .action((file, options) =>
      runSession(options, async (session) =>
        (await import('./commands/boot-test.ts')).bootTest(session, file, options),
      ),
    );

  const sequence = program.command('sequence').description('bring task sequences in from elsewhere, and hand them on');

  sequence
    .command('import')
    .description('make task sequences of a ConfigMgr export or of a ts.xml of MDT, and say what became of each step')
    .argument('<file>', 'a ConfigMgr export (.zip), an object.xml, a ts.xml, or a zip of "sequence export"')
    .requiredOption('--out <folder>', 'the folder that gets a file for each sequence')
    .addOption(
      new Option('--existing <what>', 'what becomes of a sequence, or of content, that is there already').choices([
        'ignore',
        'overwrite',
        'new',
      ]),
    )
    .option(...JSON_OPTION)
    .action((file, options) =>
      runSession(options, async (session) =>
        (await import('./commands/sequence/import.ts')).importSequence(session, file, options),
      ),
    );

  sequence
    .command('export')
    .description('write a task sequence and its children into a zip, without any password')
    .argument('<sequence>', 'the file of the sequence; its children lie beside it')
    .requiredOption('--out <file>', 'the zip to write')
    .option('--with-content', 'put in what its steps take from the medium as well')
    .option('--project <file>', 'with content: the media.yaml that names it; by default the nearest one')
    .option(...JSON_OPTION)
    .action((file, options) =>
      runSession(options, async (session) =>
        (await import('./commands/sequence/export.ts')).exportSequenceCommand(session, file, options),
      ),
    );

  sequence
    .command('new')
    .description('write a task sequence of your own from a template, or list the templates')
    .argument('[template]', 'the name of the template')
    .option('--out <file>', 'the file to write; one that is there is never overwritten')
    .option('--set <name=value...>', 'a parameter of the template: the name of your image, of a package')
    .option('--list', 'list the templates with their parameters')
    .option(...JSON_OPTION)
    .action((template, options) =>
      runSession(options, async () => (await import('./commands/sequence/new.ts')).sequenceNew(template, options)),
    );

  const usb = program.command('usb').description('make USB sticks of a medium, and keep them up to date');

  usb
    .command('list')
    .description('list the disks: which may be written, what is on them, and why the others are refused')
    .option(...JSON_OPTION)
    .action((options) =>
      runSession(options, async (session) => (await import('./commands/usb/list.ts')).usbList(session)),
    );

  usb
    .command('write')
    .description('write a medium onto sticks, several at once, and read every byte back; what was on them is lost')
    .argument('<medium>', MEDIUM)
    .option(...SERIAL_OPTION)
    .option(...DEVICE_OPTION)
    .addOption(
      new Option(
        '--layout <layout>',
        'one FAT32 volume, or exFAT for the content and FAT32 to start from; by default what the files need',
      ).choices(['fat32', 'fat32+exfat']),
    )
    .addOption(
      new Option('--partition-table <table>', 'the kind of partition table').choices(['mbr', 'gpt']).default('mbr'),
    )
    .option(...YES_OPTION)
    .option(...JSON_OPTION)
    .action((medium, options) =>
      runSession(options, async (session) =>
        (await import('./commands/usb/write.ts')).usbWrite(session, medium, options),
      ),
    );

  usb
    .command('update')
    .description('make sticks that "usb write" has made the same as a medium; only what differs is written')
    .argument('<medium>', MEDIUM)
    .option(...SERIAL_OPTION)
    .option(...DEVICE_OPTION)
    .option('--verify', 'read everything afterwards, also what stays as it is; takes as long as reading the stick')
    .option(...YES_OPTION)
    .option(...JSON_OPTION)
    .action((medium, options) =>
      runSession(options, async (session) =>
        (await import('./commands/usb/update.ts')).usbUpdate(session, medium, options),
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
