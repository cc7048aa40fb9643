import { restartSuite } from '../helpers/e2e-restart.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';

const scratch = useScratchFolder();

restartSuite(scratch, { title: 'from BIOS to UEFI', style: 'gpt', before: 'bios', after: 'uefi' });
