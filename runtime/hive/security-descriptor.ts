/** Well-known security identifiers. */
export const SIDS = {
  everyone: 'S-1-1-0',
  creatorOwner: 'S-1-3-0',
  system: 'S-1-5-18',
  administrators: 'S-1-5-32-544',
  users: 'S-1-5-32-545',
  allApplicationPackages: 'S-1-15-2-1',
  trustedInstaller: 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
} as const;

export const ACCESS = {
  keyAll: 0x000f003f,
  keyRead: 0x00020019,
  fileAll: 0x001f01ff,
  fileModify: 0x001301bf,
  fileReadExecute: 0x001200a9,
  fileList: 0x00000001,
} as const;

export const INHERIT = { object: 0x01, container: 0x02, only: 0x08, inherited: 0x10 } as const;

export type AccessRule = { allow: boolean; sid: string; mask: number; flags?: number };

export type Security = { owner: string; group: string; rules: readonly AccessRule[]; protected?: boolean };

const HEADER_SIZE = 20;
const CONTROL_SELF_RELATIVE = 0x8000;
const CONTROL_PROTECTED = 0x1000;
const CONTROL_RULES_PRESENT = 0x0004;

/** A self-relative security descriptor: what a registry key, an NTFS file and a WIM image store. Rules keep their order. */
export function securityDescriptor(security: Security): Uint8Array {
  const rules = accessList(security.rules);
  const owner = sidBytes(security.owner);
  const group = sidBytes(security.group);
  const header = new Uint8Array(HEADER_SIZE);
  const view = new DataView(header.buffer);
  const control = CONTROL_SELF_RELATIVE | CONTROL_RULES_PRESENT | (security.protected === true ? CONTROL_PROTECTED : 0);
  view.setUint8(0, 1);
  view.setUint16(2, control, true);
  view.setUint32(4, HEADER_SIZE + rules.length, true);
  view.setUint32(8, HEADER_SIZE + rules.length + owner.length, true);
  view.setUint32(16, HEADER_SIZE, true);
  return Buffer.concat([header, rules, owner, group]);
}

/** What the boot configuration's keys carry: full control for administrators and the system, for nobody else. */
export function fullControlOfAdministrators(): Uint8Array {
  return securityDescriptor({
    owner: SIDS.administrators,
    group: SIDS.system,
    rules: [
      { allow: true, sid: SIDS.administrators, mask: ACCESS.keyAll },
      { allow: true, sid: SIDS.system, mask: ACCESS.keyAll },
    ],
  });
}

function accessList(rules: readonly AccessRule[]): Uint8Array {
  const entries = Buffer.concat(rules.map(accessEntry));
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint8(0, 2);
  view.setUint16(2, header.length + entries.length, true);
  view.setUint16(4, rules.length, true);
  return Buffer.concat([header, entries]);
}

function accessEntry(rule: AccessRule): Uint8Array {
  const sid = sidBytes(rule.sid);
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint8(0, rule.allow ? 0 : 1);
  view.setUint8(1, rule.flags ?? 0);
  view.setUint16(2, header.length + sid.length, true);
  view.setUint32(4, rule.mask, true);
  return Buffer.concat([header, sid]);
}

/** Throws an ordinary Error for text that is no SID. */
export function sidBytes(sid: string): Uint8Array {
  if (!/^S-1(-\d+){2,16}$/.test(sid)) throw new Error(`not a security identifier: ${sid}`);
  const [authority = 0, ...parts] = sid.split('-').slice(2).map(Number);
  const bytes = new Uint8Array(8 + parts.length * 4);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, parts.length);
  view.setUint32(4, authority, false);
  for (const [index, part] of parts.entries()) view.setUint32(8 + index * 4, part, true);
  return bytes;
}
