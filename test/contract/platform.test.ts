import { linuxSubject } from './linux-subject.ts';
import { describePlatform } from './platform-suite.ts';
import { winpeSubject } from './winpe-subject.ts';

describePlatform('linux', linuxSubject);
describePlatform('winpe', winpeSubject);
