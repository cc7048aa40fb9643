import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashBytes } from '../../../../../builder/hash.ts';
import { fromFile, fromText, type MediaTree } from '../../../../../builder/media-tree.ts';
import { SourceMemory } from '../../../../../builder/source-memory.ts';
import { refuseForeignFolder, replaceFolder } from '../../../../../builder/writers/pxe/replace-folder.ts';
import { type PxeTree, writePxeTree } from '../../../../../builder/writers/pxe/write-pxe.ts';
import { Manifest, MEDIUM_PATHS } from '../../../../../runtime/contract/manifest.ts';
import { WINPE_NETWORK_FILE, WinpeNetwork } from '../../../../../runtime/contract/winpe-start.ts';
import { exec } from '../../../../../runtime/host/exec.ts';
import { verifySignature } from '../../../../../runtime/seal/minisign.ts';
import { aDraft } from '../../../../helpers/manifest.ts';
import { aSigner } from '../../../../helpers/signing-key.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const WIMBOOT = Buffer.from('a wimboot');
const DRAFT = aDraft({ bootEnvironment: 'winpe' });
const TREE: MediaTree = new Map([
  ['Boot/BCD', fromText('bcd')],
  ['boot/boot.sdi', fromText('sdi')],
  ['sources/boot.wim', fromText('wim')],
  ['bootmgr', fromText('bootmgr')],
]);

describe('a PXE tree for Windows PE', () => {
  it('has every file of the medium, a script that names them, and a manifest that vouches for them', async () => {
    const { folder, result } = await write({ url: 'http://server/medium' });
    expect(await readFile(join(folder, 'autoexec.ipxe'), 'utf8')).toBe(
      [
        '#!ipxe',
        '# Starts Windows PE of this medium from iPXE, by wimboot.',
        '',
        '# The address of this folder on the web server, as the computers reach it; Windows PE has it from mediasmith-network.json.',
        'set mediasmith_url http://server/medium/',
        '',
        `echo Mediasmith: starting Windows PE from \${mediasmith_url}`,
        `kernel \${mediasmith_url}boot/pxe/wimboot || goto failed`,
        `initrd --name bootmgr \${mediasmith_url}bootmgr || goto failed`,
        `initrd --name BCD \${mediasmith_url}Boot/BCD || goto failed`,
        `initrd --name boot.sdi \${mediasmith_url}boot/boot.sdi || goto failed`,
        `initrd --name mediasmith-network.json \${mediasmith_url}mediasmith-network.json || goto failed`,
        `initrd --name boot.wim \${mediasmith_url}sources/boot.wim || goto failed`,
        'boot || goto failed',
        '',
        ':failed',
        `echo Mediasmith: a file could not be read or started. Is this folder at \${mediasmith_url} on the web server?`,
        'shell',
        '',
      ].join('\n'),
    );
    const text = await readFile(join(folder, 'mediasmith/manifest.json'));
    expect(await readFile(join(folder, 'mediasmith/manifest.json.sha256'), 'utf8')).toBe(
      `${hashBytes(text)}  manifest.json\n`,
    );
    expect(result.sha256).toBe(hashBytes(text));
    const { files } = Manifest.parse(JSON.parse(text.toString()));
    expect(files.map(({ path }) => path)).toEqual([
      ...['Boot/BCD', 'boot/boot.sdi', 'boot/pxe/wimboot', 'bootmgr', 'sources/boot.wim'],
    ]);
    for (const { path, bytes, sha256 } of files) {
      const data = await readFile(join(folder, path));
      expect({ path, bytes: data.length, sha256: hashBytes(data) }).toEqual({ path, bytes, sha256 });
    }
  });

  it.each([
    ['x64', 'bootx64.efi'],
    ['arm64', 'bootaa64.efi'],
  ])(
    'hands wimboot the loader of the chosen set and its fonts, before it looks into boot.wim: %s',
    async (_, loader) => {
      const tree = new Map(TREE);
      for (const path of [
        ...[`EFI/Boot/${loader}`, 'efi/microsoft/boot/bcd', 'efi/microsoft/boot/efisys.bin'],
        ...['efi/microsoft/boot/boot.stl', 'efi/microsoft/boot/fonts/chs_boot.ttf', 'bootmgr.efi'],
        ...['efi/microsoft/boot/fonts/Segoe_slboot.ttf', 'efi/microsoft/boot/fonts/wgl4_boot.ttf'],
      ])
        tree.set(path, fromText(path));
      const { folder } = await write({ tree });
      const script = await readFile(join(folder, 'autoexec.ipxe'), 'utf8');
      const handed = [...script.matchAll(/^initrd --name (\S+) \$\{mediasmith_url\}(\S+)/gm)];
      expect(handed.map(([, name, path]) => `${name} ${path}`)).toEqual([
        'bootmgr bootmgr',
        'BCD Boot/BCD',
        'boot.sdi boot/boot.sdi',
        `${loader} EFI/Boot/${loader}`,
        'boot.stl efi/microsoft/boot/boot.stl',
        'segoe_slboot.ttf efi/microsoft/boot/fonts/Segoe_slboot.ttf',
        'wgl4_boot.ttf efi/microsoft/boot/fonts/wgl4_boot.ttf',
        'mediasmith-network.json mediasmith-network.json',
        'boot.wim sources/boot.wim',
      ]);
      const { files } = Manifest.parse(JSON.parse(await readFile(join(folder, 'mediasmith/manifest.json'), 'utf8')));
      expect(files.map(({ path }) => path)).toContain(`EFI/Boot/${loader}`);
    },
  );

  it('tells Windows PE the address, in a file that an administrator may change', async () => {
    const { folder } = await write({ url: 'http://server/medium' });
    const network = WinpeNetwork.parse(JSON.parse(await readFile(join(folder, WINPE_NETWORK_FILE), 'utf8')));
    expect(network).toEqual({ formatVersion: 1, url: 'http://server/medium/' });
    const { files } = Manifest.parse(JSON.parse(await readFile(join(folder, 'mediasmith/manifest.json'), 'utf8')));
    expect(files.map(({ path }) => path)).not.toContain(WINPE_NETWORK_FILE);
    // wimboot cuts longer names off.
    expect(WINPE_NETWORK_FILE.length).toBeLessThanOrEqual(31);
  });

  it('is signed where somebody signs', async () => {
    const { pxe, folder, context } = await prepare({});
    const signer = await aSigner();
    await writePxeTree({ ...pxe, signer }, folder, context);
    const manifest = await readFile(join(folder, MEDIUM_PATHS.manifest));
    const signature = await readFile(join(folder, MEDIUM_PATHS.manifestSignature), 'utf8');
    expect(verifySignature(manifest, signature, signer.publicKey).trustedComment).toBe(`mediasmith ${DRAFT.id}`);
  });

  it('is not made without an address: Windows PE would find no medium', async () => {
    const { pxe, folder, context } = await prepare({});
    await expect(writePxeTree({ ...pxe, url: undefined }, folder, context)).rejects.toMatchObject({
      code: 'PROJECT_INVALID',
      message: expect.stringContaining('address'),
    });
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('brings texts for the servers, with every place filled in but the capital ones', async () => {
    const { folder } = await write({});
    for (const name of ['README.txt', 'dnsmasq.conf', 'nginx.conf', 'Caddyfile']) {
      expect(await readFile(join(folder, name), 'utf8'), name).not.toContain('{{');
    }
    expect(await readFile(join(folder, 'dnsmasq.conf'), 'utf8')).toMatch(/^tftp-root=FOLDER$/m);
    expect(await readFile(join(folder, 'dnsmasq.conf'), 'utf8')).toContain('boot/pxe/ipxe.efi,,SERVER');
    expect(await readFile(join(folder, 'README.txt'), 'utf8')).toContain(hashBytes(WIMBOOT));
  });

  it('can be read by a web server that runs as another user', async () => {
    const before = process.umask(0o077);
    try {
      const { folder } = await write({});
      expect((await stat(folder)).mode & 0o777).toBe(0o755);
      expect((await stat(join(folder, 'sources'))).mode & 0o777).toBe(0o755);
      expect((await stat(join(folder, 'boot/pxe/wimboot'))).mode & 0o777).toBe(0o644);
    } finally {
      process.umask(before);
    }
  });

  it('is not made with another wimboot than the one that was promised', async () => {
    const expected = hashBytes(Buffer.from('another wimboot'));
    const { folder, writing } = await prepare({ sha256: expected });
    await expect(writing()).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      lines: [`SHA-256 expected: ${expected}`, `SHA-256 found:    ${hashBytes(WIMBOOT)}`],
    });
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    const unreadable = await prepare({ sha256: 'not a hash' });
    await expect(unreadable.writing()).rejects.toMatchObject({ code: 'PROJECT_INVALID' });
  });

  it.each(['Boot/BCD', 'boot/boot.sdi', 'sources/boot.wim'])('is not made without %s', async (path) => {
    const tree = new Map(TREE);
    tree.delete(path);
    await expect(write({ tree })).rejects.toMatchObject({
      code: 'MEDIUM_INVALID',
      message: expect.stringContaining(`without ${path.split('/').at(-1)}`),
    });
  });
});

it('copies a large file whole, and its hash is remembered the second time', async () => {
  const source = join(await temporaryFolder(), 'large');
  const data = Buffer.alloc(9 * 1024 ** 2 + 5, 'abc');
  await writeFile(source, data);
  const tree = new Map([...TREE, ['images/large.wim', fromFile(source)] as const]);
  const first = await prepare({ tree });
  await first.writing();
  const second = { ...first, folder: `${first.folder}-again` };
  await writePxeTree(first.pxe, second.folder, first.context);
  for (const { folder } of [first, second]) {
    expect((await readFile(join(folder, 'images/large.wim'))).equals(data)).toBe(true);
    const text = await readFile(join(folder, 'mediasmith/manifest.json'), 'utf8');
    expect(text).toContain(hashBytes(data));
  }
  expect((await stat(join(first.folder, 'images/large.wim'))).ino).not.toBe((await stat(source)).ino);
});

it('stops when it is interrupted', async () => {
  const { writing, context } = await prepare({});
  context.abort.abort();
  await expect(writing()).rejects.toThrow('aborted');
});

describe('the place of a PXE tree', () => {
  it('may have an earlier tree, or nothing', async () => {
    const folder = await temporaryFolder();
    await refuseForeignFolder(join(folder, 'new'));
    await refuseForeignFolder(folder);
    await writeFiles(folder, { 'tree/mediasmith/manifest.json': '{}' });
    await refuseForeignFolder(join(folder, 'tree'));
  });

  it('may not have anything else', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'documents/letter.txt': '' });
    for (const path of ['documents', 'documents/letter.txt']) {
      await expect(refuseForeignFolder(join(folder, path))).rejects.toMatchObject({ code: 'PROJECT_INVALID' });
    }
  });

  it('gets the new tree and gives up the earlier one', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'tree/old.txt': 'old', 'made/new.txt': 'new' });
    await mkdir(join(folder, 'aside'));
    await replaceFolder(join(folder, 'made'), join(folder, 'tree'), join(folder, 'aside'));
    expect(await readdir(join(folder, 'tree'))).toEqual(['new.txt']);
    expect(await readdir(join(folder, 'aside'), { recursive: true })).toEqual(['earlier', 'earlier/old.txt']);
    await expect(
      replaceFolder(join(folder, 'not-there'), join(folder, 'tree'), await temporaryFolder()),
    ).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(join(folder, 'tree'))).toEqual(['new.txt']);
  });
});

describe('what an administrator has put into an earlier tree', () => {
  it('goes along, and a text that was changed stays beside the new one', async () => {
    const folder = await temporaryFolder();
    const manifest = JSON.stringify({ files: [{ path: 'old.txt' }] });
    await writeFiles(folder, {
      'tree/mediasmith/manifest.json': manifest,
      'tree/old.txt': 'ours, and no longer wanted',
      'tree/boot/pxe/ipxe.efi': 'theirs',
      'tree/dnsmasq.conf': 'changed',
      'tree/nginx.conf': 'as it was',
      'made/mediasmith/manifest.json': '{}',
      'made/dnsmasq.conf': 'new',
      'made/nginx.conf': 'as it was',
      'aside/.keep': '',
    });
    await replaceFolder(join(folder, 'made'), join(folder, 'tree'), join(folder, 'aside'));
    const entries = await readdir(join(folder, 'tree'), { recursive: true, withFileTypes: true });
    expect(entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort()).toEqual([
      'dnsmasq.conf',
      'dnsmasq.conf.previous',
      'ipxe.efi',
      'manifest.json',
      'nginx.conf',
    ]);
    expect(await readFile(join(folder, 'tree/dnsmasq.conf'), 'utf8')).toBe('new');
    expect(await readFile(join(folder, 'tree/dnsmasq.conf.previous'), 'utf8')).toBe('changed');
  });
});

type Wish = { tree?: MediaTree; url?: string; sha256?: string };

async function write(wish: Wish) {
  const { folder, writing } = await prepare(wish);
  return { folder, result: await writing() };
}

async function prepare({ tree = TREE, url = 'http://server/medium', sha256 = hashBytes(WIMBOOT).toUpperCase() }: Wish) {
  const place = await temporaryFolder();
  await writeFiles(place, { wimboot: WIMBOOT, 'work/.keep': '' });
  const abort = new AbortController();
  const context = {
    ...{ exec, emit: () => undefined, abort, signal: abort.signal },
    ...{ memory: new SourceMemory(join(place, 'cache')), workspace: join(place, 'work') },
  };
  const pxe: PxeTree = {
    tree,
    draft: DRAFT,
    boot: { kind: 'winpe', wimboot: { path: join(place, 'wimboot'), sha256 } },
    url,
  };
  const folder = join(place, 'tree');
  return { folder, pxe, context, writing: () => writePxeTree(pxe, folder, context) };
}
