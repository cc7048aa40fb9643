import { describe, expect, it } from 'vitest';
import { type MachineHardware, type MachineWiring, qemuArgv } from '../../../../builder/boot-test/machine.ts';

const WIRING: MachineWiring = {
  firmware: { kind: 'bios' },
  accelerator: 'tcg',
  serialSocket: '/run/serial',
  monitorSocket: '/run/monitor',
  serialLog: '/test/serial.log',
  pidFile: '/run/pid',
};

describe('qemuArgv', () => {
  it('boots a disc by BIOS and then an AHCI disk, and stands still when the system ends', () => {
    const hardware: MachineHardware = {
      medium: { path: 'a.iso', as: 'cdrom' },
      disks: [{ path: 'disk.img', bus: 'ahci', serial: 'S1' }],
    };
    expect(qemuArgv(hardware, WIRING).join(' ')).toMatchInlineSnapshot(
      `"setpriv --pdeathsig KILL qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu qemu64,+rdrand -smp 1 -m 1024 -nodefaults -nic none -display none -vga std -boot menu=off -no-reboot -no-shutdown -S -pidfile /run/pid -chardev socket,id=serial,path=/run/serial,logfile=/test/serial.log,logappend=off -serial chardev:serial -chardev socket,id=monitor,path=/run/monitor -mon chardev=monitor,mode=control -drive if=none,id=medium,format=raw,file=a.iso,media=cdrom,readonly=on -device ide-cd,bus=ide.0,drive=medium,bootindex=0 -drive if=none,id=disk0,format=raw,cache=writeback,discard=unmap,file=disk.img -device ide-hd,bus=ide.1,drive=disk0,serial=S1,bootindex=1"`,
    );
  });

  it('enforces Secure Boot with SMM, and protects the variables from the system', () => {
    const firmware = { kind: 'secureboot', code: 'code.fd', variables: 'vars.fd' } as const;
    const argv = qemuArgv({}, { ...WIRING, firmware });
    expect(following(argv, '-machine')).toEqual(['q35,smm=on']);
    expect(following(argv, '-global')).toEqual(['driver=cfi.pflash01,property=secure,value=on']);
    expect(following(argv, '-drive')).toEqual([
      'if=pflash,unit=0,format=raw,readonly=on,file=code.fd',
      'if=pflash,unit=1,format=raw,file=vars.fd',
    ]);
  });

  it('gives plain UEFI neither', () => {
    const argv = qemuArgv({}, { ...WIRING, firmware: { kind: 'uefi', code: 'code.fd', variables: 'vars.fd' } });
    expect(following(argv, '-machine')).toEqual(['q35']);
    expect(following(argv, '-global')).toEqual([]);
  });

  it('does not write to a USB medium unless asked to', () => {
    const usb = (keepWrites?: boolean) =>
      following(
        qemuArgv({ medium: { path: 'a.img', as: 'usb', ...(keepWrites && { keepWrites }) } }, WIRING),
        '-drive',
      );
    expect(usb()).toEqual(['if=none,id=medium,format=raw,file=a.img,snapshot=on']);
    expect(usb(true)).toEqual(['if=none,id=medium,format=raw,file=a.img,cache=writeback']);
  });

  it('gives a medium and disks on one USB controller, in their order', () => {
    const disks = [
      { path: 'a', bus: 'usb' },
      { path: 'b', bus: 'nvme' },
      { path: 'c', bus: 'scsi' },
      { path: 'd', bus: 'virtio' },
    ] as const;
    const devices = following(qemuArgv({ medium: { path: 'm', as: 'usb' }, disks }, WIRING), '-device');
    expect(devices).toEqual([
      'qemu-xhci,id=xhci',
      'usb-storage,id=stick,bus=xhci.0,drive=medium,removable=on,bootindex=0',
      'usb-storage,bus=xhci.0,drive=disk0,serial=MEDIASMITH0,bootindex=1',
      'nvme,drive=disk1,serial=MEDIASMITH1,bootindex=2',
      'virtio-scsi-pci,id=scsi2',
      'scsi-hd,bus=scsi2.0,drive=disk2,serial=MEDIASMITH2,bootindex=3',
      'virtio-blk-pci,drive=disk3,serial=MEDIASMITH3,bootindex=4',
    ]);
  });

  it('starts from the network, under UEFI without the ROM that is not signed', () => {
    const network = { tftp: { folder: '/a,b', bootFile: 'boot/grub.0' } };
    const bios = qemuArgv({ network }, WIRING);
    expect(following(bios, '-netdev')).toEqual(['user,id=network,tftp=/a,,b,bootfile=boot/grub.0']);
    const card = 'virtio-net-pci,netdev=network,mac=52:54:00:12:34:56,bootindex=0';
    expect(following(bios, '-device')).toEqual([card]);
    const firmware = { kind: 'secureboot', code: 'code.fd', variables: 'vars.fd' } as const;
    expect(following(qemuArgv({ network }, { ...WIRING, firmware }), '-device')).toEqual([`${card},romfile=`]);
  });

  it('has a network that it does not start from', () => {
    const argv = qemuArgv({ network: {} }, WIRING);
    expect(following(argv, '-netdev')).toEqual(['user,id=network']);
    expect(following(argv, '-device')).toEqual(['virtio-net-pci,netdev=network,mac=52:54:00:12:34:56,romfile=']);
  });

  it('has servers in its network, each a program that a connection starts', () => {
    const servers = [{ address: '10.0.2.4', port: 445, argv: ['smbd', '-s', "/a b,c's"] as const }];
    expect(following(qemuArgv({ network: { servers } }, WIRING), '-netdev')).toEqual([
      "user,id=network,guestfwd=tcp:10.0.2.4:445-cmd:'smbd' '-s' '/a b,,c'\\''s'",
    ]);
  });

  it('keeps a comma in a path and in a model from ending the value', () => {
    const system = { manufacturer: 'Acme, Inc.', product: 'One', serial: '1' };
    const argv = qemuArgv({ medium: { path: 'a,b.iso', as: 'cdrom' }, system }, WIRING);
    expect(following(argv, '-drive')[0]).toContain('file=a,,b.iso,');
    expect(following(argv, '-smbios')).toEqual(['type=1,manufacturer=Acme,, Inc.,product=One,serial=1']);
  });

  it('sets the clock by the time of UTC', () => {
    const clock = new Date('2032-01-02T01:30:00+02:00');
    expect(following(qemuArgv({ clock }, WIRING), '-rtc')).toEqual(['base=2032-01-01T23:30:00']);
  });

  it('boots a kernel directly, with the memory and processors asked for', () => {
    const directKernel = { kernel: 'vmlinuz', initrd: 'initrd', append: 'console=ttyS0 quiet' };
    const argv = qemuArgv({ directKernel, memoryMiB: 512, cpus: 1 }, { ...WIRING, accelerator: 'kvm' });
    expect(argv.slice(-6)).toEqual(['-kernel', 'vmlinuz', '-initrd', 'initrd', '-append', 'console=ttyS0 quiet']);
    expect(['-m', '-smp', '-accel', '-cpu'].flatMap((name) => following(argv, name))).toEqual([
      '512',
      '1',
      'kvm',
      'host',
    ]);
  });
});

function following(argv: readonly string[], name: string): string[] {
  return argv.filter((_, index) => argv[index - 1] === name);
}
