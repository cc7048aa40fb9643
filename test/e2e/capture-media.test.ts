import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { makeDemoImage } from '../../builder/demo/windows-image.ts';
import { exec } from '../../runtime/host/exec.ts';
import { mountVolume } from '../../runtime/platform/linux/mount.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { cli } from '../helpers/cli.ts';
import { logsOf } from '../helpers/e2e-events.ts';
import { type MachineRun, runToEnd } from '../helpers/e2e-machine.ts';
import { compareListings, type Listing, listImage, listVolume, readNtfsFile } from '../helpers/e2e-ntfs.ts';
import { dataDisk, LEFT_BEHIND, referenceDisk, withVolume } from '../helpers/e2e-reference-disk.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';

const scratch = useScratchFolder();
const SIZE = { files: 300, bytes: 8_000_000 };

describe('a capture medium', () => {
  let wim: string;
  let reference: string;
  let data: string;
  let before: Listing;
  let run: MachineRun;

  beforeAll(async () => {
    const image = await makeDemoImage({ folder: join(cacheFolder(), 'demo'), exec, emit: () => {}, size: SIZE });
    wim = image.path;
    reference = await referenceDisk(scratch('reference.img'), wim);
    before = await withVolume(reference, 1, (device) => listVolume(device, scratch('before.wim')));
    data = await dataDisk(scratch('data.img'));
    const project = scratch('project');
    const built = await cli([
      ...['init', project, '--kind', 'capture', '--yes', '--unattended', '--iso', 'capture.iso', '--build'],
    ]);
    expect(built.exitCode, built.stderr).toBe(0);
    await mkdir(scratch('run'));
    run = await runToEnd({
      ...{ firmware: 'uefi', folder: scratch('run'), medium: { path: join(project, 'capture.iso'), as: 'cdrom' } },
      disks: [
        { path: reference, bus: 'ahci' },
        { path: data, bus: 'ahci' },
      ],
    });
  });

  it('captures the Windows of the machine onto the only other volume, and says that it has read it back', () => {
    expect(run.finished.error).toBeUndefined();
    expect(run).toMatchObject({ finished: { outcome: 'succeeded', action: 'shutdown' }, end: 'guest-shutdown' });
    const said = logsOf(run.events, 'capture-operating-system').join('\n');
    expect(said).toMatch(/^Windows is generalised: IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE$/m);
    expect(said).toMatch(/reference\.wim on DATA \(\/dev\/sd\w\d\) was read back and is whole$/m);
    const titles = run.events.flatMap((event) => (event.event === 'progress' ? [event.title] : []));
    expect(new Set(titles.map((title) => title.split(' ')[0]))).toEqual(new Set(['Verifying', 'Capturing', 'Reading']));
  });

  it('leaves an image that is the volume file by file, but for what no image may have', async () => {
    const captured = await capturedWim();
    const after = await listImage(captured, 1);
    // wimlib's own program leaves out the same files of Windows by itself.
    expect(compareListings(before, after)).toEqual({ added: [], removed: [], changed: {} });
    await withVolume(reference, 1, async (device) => {
      await using mounted = await mountVolume(exec, 'ntfs', device, 'read');
      for (const path of Object.keys(LEFT_BEHIND)) {
        expect(await mounted.files.exists(path), path).toBe(true);
        expect(after.has(`/${path}`), path).toBe(false);
      }
    });
    const fromSource = compareListings(await listImage(wim, 1), after);
    expect(fromSource).toMatchObject({ added: [], removed: [], changed: { '/': ['Last Write Time'] } });
    using opened = await WimFile.open(captured);
    expect(opened.images().map(({ name }) => name)).toEqual(['Reference image']);
    await opened.verify();
  });

  it('leaves a report and the log beside it, and nothing else', async () => {
    await withVolume(data, 0, async (device) => {
      await using mounted = await mountVolume(exec, 'ntfs', device, 'read');
      expect((await mounted.files.list('')).sort()).toEqual([
        ...['reference.wim', 'reference.wim.json', 'reference.wim.log'],
      ]);
      const report = JSON.parse((await mounted.files.read('reference.wim.json'))?.toString('utf8') ?? '');
      expect(report).toMatchObject({ file: 'reference.wim', verified: true, images: [{ index: 1 }] });
    });
  });

  it('writes nothing to the machine it captures', async () => {
    const after = await withVolume(reference, 1, (device) => listVolume(device, scratch('after.wim')));
    expect(compareListings(before, after)).toEqual({ added: [], removed: [], changed: {} });
  });

  async function capturedWim(): Promise<string> {
    await withVolume(data, 0, (device) => readNtfsFile(device, 'reference.wim', scratch('captured.wim')));
    return scratch('captured.wim');
  }
});
