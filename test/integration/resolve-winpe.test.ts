import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WinpeOptions } from '../../builder/config/schema.ts';
import { resolveWinpe } from '../../builder/resolve/resolve-winpe.ts';
import { SourceMemory } from '../../builder/source-memory.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { exec } from '../../runtime/host/exec.ts';
import { type MicrosoftMedia, makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

let folder = '';
let windows: MicrosoftMedia;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-resolve-winpe-'));
  windows = makeMicrosoftMedia(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function resolver() {
  const cacheFolder = await temporaryFolder();
  const titles: string[] = [];
  const emit = (event: RunEvent) => void (event.event === 'progress' && titles.push(event.title));
  const context = { cacheFolder, exec, emit, signal: new AbortController().signal, verifySources: false };
  const memory = new SourceMemory(cacheFolder);
  const resolve = (options: object) => resolveWinpe(WinpeOptions.parse(options), [], { ...context, memory });
  return { resolve, titles, cacheFolder };
}

describe('a boot image', () => {
  it.each([
    ['a file', () => windows.bootWim()],
    ['inside an ISO', () => windows.isoFile()],
  ])('is verified when it is first seen, and not again: %s', async (_, source) => {
    const { resolve, titles } = await resolver();
    const { file } = await resolve({ source: await source() });
    expect(titles).toContain(`Verifying ${file}`);
    titles.length = 0;
    await resolve({ source: await source() });
    expect(titles).toEqual([]);
  });

  it('that is damaged is refused, by the name a person knows', async () => {
    const whole = await readFile(await windows.bootWim());
    const middle = Math.floor(whole.length / 2);
    const inIso = await readFile(await windows.isoFile());
    const place = await temporaryFolder();
    const [wim, iso] = [join(place, 'flip.wim'), join(place, 'flip.iso')];
    await writeFile(wim, flipped(whole, middle));
    await writeFile(iso, flipped(inIso, inIso.indexOf(whole.subarray(middle, middle + 64))));
    for (const [source, name] of [
      [wim, wim],
      [iso, `sources/boot.wim in ${iso}`],
    ] as const) {
      const { resolve, cacheFolder } = await resolver();
      const error = await resolve({ source }).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: 'IMAGE_CORRUPT', message: expect.stringContaining(name) });
      const { message, where, lines } = error as { message: string; where: string; lines: string[] };
      expect([message, where, ...lines].join('\n')).not.toContain(cacheFolder);
    }
  });

  it('with programs for another processor than its XML says is refused', async () => {
    const arm = makeMicrosoftMedia(join(folder, 'arm'), { architecture: 'arm64' });
    const { resolve } = await resolver();
    await resolve({ source: await arm.bootWim(), architecture: 'arm64' });
    const edited = join(await temporaryFolder(), 'edited.wim');
    await copyFile(await arm.bootWim(), edited);
    await exec(['wimlib-imagex', 'info', edited, '2', '--image-property', 'WINDOWS/ARCH=9']);
    await expect(resolve({ source: edited })).rejects.toMatchObject({
      code: 'ARCHITECTURE_MISMATCH',
      message: expect.stringContaining('says that it is for x64, and is not'),
      lines: ['winpeshl.exe', 'wpeinit.exe', 'Boot/winload.efi'].map((name) => `Windows/System32/${name}: arm64`),
    });
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
  return copy;
}
