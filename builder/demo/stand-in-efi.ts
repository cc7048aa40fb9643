import { codeLength, type Instruction, machineCode } from './machine-code.ts';
import { layOutPe, PE_CODE, PE_DISCARDABLE, PE_READ_ONLY, type PeImage, writePe } from './pe.ts';

/**
 * An EFI application for x86-64 that says its text on the console and on the first serial port, and then waits for ever.
 * It is ours from the first byte to the last. The text is one line of ASCII; the same text gives the same bytes.
 */
export function standInEfi(text: string): Uint8Array {
  const wide = Buffer.from(`\r\n${text}\r\n\0`, 'utf16le');
  const data = Buffer.concat([wide, Buffer.from(`\r\n${text}\r\n\0`, 'latin1')]);
  const image: PeImage = {
    subsystem: 10,
    relocations: '.reloc',
    sections: [
      { name: '.text', size: codeLength(LISTING), characteristics: PE_CODE },
      { name: '.rdata', size: data.length, characteristics: PE_READ_ONLY },
      { name: '.reloc', size: NO_RELOCATIONS.length, characteristics: PE_DISCARDABLE },
    ],
  };
  const [codePlace, dataPlace] = layOutPe(image).sections;
  const wideText = (dataPlace?.rva ?? 0) - (codePlace?.rva ?? 0);
  const code = machineCode(LISTING, { wideText, plainText: wideText + wide.length });
  return writePe(image, [code, data, NO_RELOCATIONS]);
}

/** One block with two entries that do nothing: firmware wants a relocation directory, the code needs no relocation. */
const NO_RELOCATIONS = Uint8Array.of(0, 0x10, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0);

/** Offsets into the system table and the boot services are those of the UEFI specification, chapters 4.3 and 4.4. */
const LISTING: readonly Instruction[] = [
  ['48 83 ec 28', 'sub rsp, 28h          ; room the calls may use, and rsp on 16 bytes'],
  ['48 89 d3', 'mov rbx, rdx          ; the system table'],
  ['48 8b 43 60', 'mov rax, [rbx+60h]    ; BootServices'],
  ['31 c9', 'xor ecx, ecx'],
  ['31 d2', 'xor edx, edx'],
  ['45 31 c0', 'xor r8d, r8d'],
  ['45 31 c9', 'xor r9d, r9d'],
  ['ff 90 00 01 00 00', 'call [rax+100h]       ; SetWatchdogTimer(0): no reset after five minutes'],
  ['48 8b 4b 40', 'mov rcx, [rbx+40h]    ; ConOut'],
  ['48 8d 15 {rel32:wideText}', 'lea rdx, [rip+wideText]'],
  ['ff 51 08', 'call [rcx+8]          ; OutputString'],
  ['48 8d 35 {rel32:plainText}', 'lea rsi, [rip+plainText]'],
  ['fc', 'cld'],
  ['ac', 'next: lodsb'],
  ['84 c0', 'test al, al'],
  ['74 {rel8:wait}', 'jz wait'],
  ['88 c4', 'mov ah, al'],
  ['b9 00 00 10 00', 'mov ecx, 100000h      ; a port that never gets ready does not hold us for ever'],
  ['66 ba fd 03', 'mov dx, 3fdh          ; line status of COM1'],
  ['ec', 'ready: in al, dx'],
  ['a8 20', 'test al, 20h          ; transmitter empty'],
  ['75 {rel8:send}', 'jnz send'],
  ['e2 {rel8:ready}', 'loop ready'],
  ['66 ba f8 03', 'send: mov dx, 3f8h'],
  ['88 e0', 'mov al, ah'],
  ['ee', 'out dx, al'],
  ['eb {rel8:next}', 'jmp next'],
  ['48 8b 43 60', 'wait: mov rax, [rbx+60h]'],
  ['b9 40 42 0f 00', 'mov ecx, 1000000'],
  ['ff 90 f8 00 00 00', 'call [rax+0f8h]       ; Stall, one second'],
  ['eb {rel8:wait}', 'jmp wait'],
];
