import { linuxSubject } from './linux-subject.ts';
import { describePlatform } from './platform-suite.ts';

describePlatform('linux', linuxSubject);
