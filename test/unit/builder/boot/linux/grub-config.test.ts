import { describe, expect, it } from 'vitest';
import { renderGrubConfig } from '../../../../../builder/boot/linux/grub-config.ts';

const TEMPLATE = 'set timeout={{timeout}}\n{{entries}}';
const ONE = { id: 'bare-metal', title: 'Bare metal' };
const TWO = { id: 'refresh', title: "It's a `refresh` for $5" };

describe('renderGrubConfig', () => {
  it('starts at once where there is one sequence', () => {
    expect(renderGrubConfig(TEMPLATE, { mediumId: 'a1', sequences: [ONE] })).toBe(
      [
        'set timeout=0',
        "menuentry 'Bare metal' {",
        "  echo 'Mediasmith: starting Bare metal'",
        '  linux /boot/vmlinuz quiet panic=30 console=ttyS0,115200 console=tty0 mediasmith.medium=a1 mediasmith.sequence=bare-metal',
        '  initrd /boot/initrd.img',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('waits and lets the runtime ask first where there are several', () => {
    const config = renderGrubConfig(TEMPLATE, { mediumId: 'a1', sequences: [ONE, TWO] });
    expect(config).toContain('set timeout=10\n');
    expect(config.match(/^menuentry .*/gm)).toEqual([
      "menuentry 'Choose a task sequence' {",
      "menuentry 'Bare metal' {",
      "menuentry 'It'\\''s a `refresh` for $5' {",
    ]);
    expect(config.match(/mediasmith\.sequence=\S+/g)).toEqual([
      'mediasmith.sequence=bare-metal',
      'mediasmith.sequence=refresh',
    ]);
  });

  it('keeps a title on one line', () => {
    const sequences = [{ id: 'x', title: "a'\n}\nreboot\tnow" }];
    expect(renderGrubConfig(TEMPLATE, { mediumId: 'a1', sequences }).match(/^menuentry .*/gm)).toEqual([
      "menuentry 'a'\\'' } reboot now' {",
    ]);
  });

  it('adds kernel options, and refuses an identifier that is no single word', () => {
    const config = { mediumId: 'a1', sequences: [], kernelOptions: ['panic=-1'] };
    expect(renderGrubConfig(TEMPLATE, config)).toContain('mediasmith.medium=a1 panic=-1\n');
    expect(() => renderGrubConfig(TEMPLATE, { ...config, mediumId: 'a b' })).toThrow('not an identifier: "a b"');
  });

  it('loads the key of a signed medium last, and tells the runtime of it', () => {
    const config = { mediumId: 'a1', sequences: [ONE], signed: true, initrds: ['boot/initrd.img', 'boot/more.img'] };
    const text = renderGrubConfig(TEMPLATE, config);
    expect(text).toContain('  initrd /boot/initrd.img /boot/more.img /boot/initrd-key.img\n');
    expect(text).toMatch(/^ {2}linux .* mediasmith\.medium=a1 mediasmith\.signed\b/m);
    expect(renderGrubConfig(TEMPLATE, { ...config, signed: false })).not.toMatch(/signed|initrd-key/);
  });

  it('loads the keymap of a medium that has one, and tells init of it', () => {
    const config = { mediumId: 'a1', sequences: [ONE], signed: true };
    const text = renderGrubConfig(TEMPLATE, { ...config, keyboard: true });
    expect(text).toContain('  initrd /boot/initrd.img /boot/initrd-keyboard.img /boot/initrd-key.img\n');
    expect(text).toMatch(/^ {2}linux .* mediasmith\.keyboard\b/m);
    expect(renderGrubConfig(TEMPLATE, config)).not.toContain('keyboard');
  });

  it('loads further initial file systems, and lets GRUB put its variables in', () => {
    const network = {
      ...{ mediumId: 'a1', sequences: [ONE] },
      initrds: ['boot/initrd.img', 'boot/initrd-network.img'],
      kernelOptions: ['mediasmith.url=$mediasmith_url'],
    };
    const config = renderGrubConfig(TEMPLATE, network);
    expect(config).toContain('  initrd /boot/initrd.img /boot/initrd-network.img\n');
    expect(config).toMatch(/^ {2}linux \/boot\/vmlinuz .* mediasmith\.url=\$mediasmith_url$/m);
  });
});
