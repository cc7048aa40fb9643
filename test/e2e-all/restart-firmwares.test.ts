import { restartSuite } from '../helpers/e2e-restart.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';

const scratch = useScratchFolder();

restartSuite(scratch, { title: 'under UEFI', style: 'firmware', before: 'uefi', after: 'uefi' });
restartSuite(scratch, { title: 'under BIOS', style: 'firmware', before: 'bios', after: 'bios' });
