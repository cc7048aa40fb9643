import { ACCESS, INHERIT, type Security, SIDS, securityDescriptor } from '../../runtime/hive/security-descriptor.ts';
import type { SecurityKind } from './image-entry.ts';

const FILES_AND_FOLDERS = INHERIT.object | INHERIT.container;

const FULL_FOR_THE_SYSTEM = [
  { allow: true, sid: SIDS.system, mask: ACCESS.fileAll, flags: FILES_AND_FOLDERS },
  { allow: true, sid: SIDS.administrators, mask: ACCESS.fileAll, flags: FILES_AND_FOLDERS },
];

/** Windows' own folders are read-only for most, but what is put into them later belongs to the system. */
const FOR_WHAT_COMES_LATER = [
  { allow: true, sid: SIDS.system, mask: ACCESS.fileAll, flags: FILES_AND_FOLDERS | INHERIT.only },
  { allow: true, sid: SIDS.administrators, mask: ACCESS.fileAll, flags: FILES_AND_FOLDERS | INHERIT.only },
  { allow: true, sid: SIDS.users, mask: ACCESS.fileReadExecute, flags: FILES_AND_FOLDERS | INHERIT.only },
];

const SECURITY: Record<SecurityKind, Security> = {
  'trusted-installer': {
    owner: SIDS.trustedInstaller,
    group: SIDS.trustedInstaller,
    protected: true,
    rules: [
      { allow: true, sid: SIDS.trustedInstaller, mask: ACCESS.fileAll },
      { allow: true, sid: SIDS.administrators, mask: ACCESS.fileReadExecute },
      { allow: true, sid: SIDS.system, mask: ACCESS.fileReadExecute },
      { allow: true, sid: SIDS.users, mask: ACCESS.fileReadExecute },
      { allow: true, sid: SIDS.allApplicationPackages, mask: ACCESS.fileReadExecute },
      ...FOR_WHAT_COMES_LATER,
    ],
  },
  system: { owner: SIDS.system, group: SIDS.system, protected: true, rules: FULL_FOR_THE_SYSTEM },
  users: {
    owner: SIDS.administrators,
    group: SIDS.system,
    rules: [
      ...FULL_FOR_THE_SYSTEM,
      { allow: true, sid: SIDS.users, mask: ACCESS.fileModify, flags: FILES_AND_FOLDERS },
      { allow: true, sid: SIDS.creatorOwner, mask: ACCESS.fileAll, flags: FILES_AND_FOLDERS | INHERIT.only },
    ],
  },
  'everyone-denied': {
    owner: SIDS.system,
    group: SIDS.system,
    protected: true,
    rules: [{ allow: false, sid: SIDS.everyone, mask: ACCESS.fileList }, ...FULL_FOR_THE_SYSTEM],
  },
};

/** The self-relative security descriptor of an entry. */
export function entrySecurity(kind: SecurityKind): Uint8Array {
  return securityDescriptor(SECURITY[kind]);
}
