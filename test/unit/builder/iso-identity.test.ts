import { expect, it } from 'vitest';
import { fatVolumeId, identityTime, isoUuid } from '../../../builder/iso-identity.ts';

const IDENTITY = { uuid: '2026112012304599', gptGuid: '11111111-2222-4333-8444-555555555555' };

it('writes the UUID as blkid and GRUB do', () => {
  expect(isoUuid(IDENTITY)).toBe('2026-11-20-12-30-45-99');
});

it('is a moment too, in UTC', () => {
  expect(new Date(identityTime(IDENTITY) * 1000).toISOString()).toBe('2026-11-20T12:30:45.000Z');
});

it('gives the FAT volume eight hexadecimal digits', () => {
  expect(fatVolumeId(IDENTITY)).toBe('11201230');
});
