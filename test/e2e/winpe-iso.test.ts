import { beforeAll, expect, it } from 'vitest';
import { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { ETFSBOOT_WORDS } from '../helpers/microsoft-boot-files.ts';
import { makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { buildProject, winpeProject } from '../helpers/winpe-project.ts';

const START_SECONDS = 120;

const scratch = useScratchFolder();
const isos = new Map<string, string>();

// The boot files are stand-ins that say their names: that firmware starts them is what the El Torito entries are for.
beforeAll(async () => {
  const source = await makeMicrosoftMedia(scratch()).isoFile();
  for (const winpe of ['pressAnyKey: false', 'pressAnyKey: true']) {
    const more = `outputs: [{ iso: ${scratch(`${isos.size}.iso`)} }]`;
    const project = await winpeProject({ source, winpe: [winpe], more, folder: scratch(`project-${isos.size}`) });
    const { exitCode, stderr } = await buildProject(project);
    expect(exitCode, stderr).toBe(0);
    isos.set(winpe, scratch(`${isos.size}.iso`));
  }
});

it.each([
  ['bios', 'pressAnyKey: false', ETFSBOOT_WORDS],
  ['uefi', 'pressAnyKey: false', 'cdboot_noprompt 2023'],
  ['uefi', 'pressAnyKey: true', 'cdboot 2023'],
] as const)('%s starts the entry that is meant for it (%s)', async (firmware, winpe, words) => {
  const medium = { path: isos.get(winpe) ?? '', as: 'cdrom' } as const;
  await using machine = await VirtualMachine.start({
    ...{ medium, firmware, memoryMiB: 512 },
    folder: scratch(`${firmware}-${words.replace(/\W/g, '')}`),
  });
  const line = await machine.waitForLine(new RegExp(words), { seconds: START_SECONDS });
  expect(line).toContain(words);
});
