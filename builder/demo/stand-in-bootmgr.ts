import { codeLength, type Instruction, machineCode } from './machine-code.ts';

/**
 * The BIOS counterpart: a flat file in the place of `bootmgr`. A boot sector, or GRUB's `ntldr`, loads it at 2000:0000
 * and jumps to its first byte in real mode. It says its text on the screen and on COM1 and then halts.
 * The text is one line of ASCII; the same text gives the same bytes.
 */
export function standInBootmgr(text: string): Uint8Array {
  const code = machineCode(LISTING, { text: codeLength(LISTING) });
  return Buffer.concat([code, Buffer.from(`\r\n${text}\r\n\0`, 'latin1')]);
}

const LISTING: readonly Instruction[] = [
  ['8c c8', 'mov ax, cs'],
  ['8e d8', 'mov ds, ax'],
  ['8e d0', 'mov ss, ax'],
  ['bc f0 ff', 'mov sp, 0fff0h'],
  ['fc', 'cld'],
  ['b8 03 00', 'mov ax, 3'],
  ['cd 10', 'int 10h           ; text mode, 80 by 25'],
  ['be {abs16:text}', 'mov si, text'],
  ['ac', 'next: lodsb'],
  ['84 c0', 'test al, al'],
  ['74 {rel8:wait}', 'jz wait'],
  ['50', 'push ax'],
  ['b4 0e', 'mov ah, 0eh'],
  ['bb 07 00', 'mov bx, 7'],
  ['cd 10', 'int 10h           ; one character on the screen'],
  ['58', 'pop ax'],
  ['88 c4', 'mov ah, al'],
  ['66 b9 00 00 10 00', 'mov ecx, 100000h  ; a port that never gets ready does not hold us for ever'],
  ['ba fd 03', 'mov dx, 3fdh      ; line status of COM1'],
  ['ec', 'ready: in al, dx'],
  ['a8 20', 'test al, 20h      ; transmitter empty'],
  ['75 {rel8:send}', 'jnz send'],
  ['67 e2 {rel8:ready}', 'loop ready        ; counts in ecx'],
  ['ba f8 03', 'send: mov dx, 3f8h'],
  ['88 e0', 'mov al, ah'],
  ['ee', 'out dx, al'],
  ['eb {rel8:next}', 'jmp next'],
  ['fb', 'wait: sti'],
  ['f4', 'hlt'],
  ['eb {rel8:wait}', 'jmp wait'],
];
