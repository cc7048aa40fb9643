import { readFile, rm } from 'node:fs/promises';
import { exec } from '../../runtime/host/exec.ts';

const BOOT_MANAGER = '{9dea862c-5cdd-4e70-acc1-f32b344d4795}';

/** What a boot store says about where Windows is, read by hivex. Devices are the bytes of their element. */
export async function readBootStore(file: string): Promise<{
  description: string;
  bootManagerDevice: Buffer;
  path: string;
  device: Buffer;
  osDevice: Buffer;
  systemRoot: string;
}> {
  const text = async (object: string, element: string) =>
    (await readElement(file, object, element)).toString('utf8').trim();
  const loader = await text(BOOT_MANAGER, '23000003');
  return {
    bootManagerDevice: await readElement(file, BOOT_MANAGER, '11000001'),
    description: await text(loader, '12000004'),
    path: await text(loader, '12000002'),
    device: await readElement(file, loader, '11000001'),
    osDevice: await readElement(file, loader, '21000001'),
    systemRoot: await text(loader, '22000002'),
  };
}

async function readElement(file: string, object: string, element: string): Promise<Buffer> {
  const output = `${file}.${element}`;
  try {
    await exec(['hivexget', file, `Objects\\${object}\\Elements\\${element}`, 'Element'], { stdoutFile: output });
    return await readFile(output);
  } finally {
    await rm(output, { force: true });
  }
}
