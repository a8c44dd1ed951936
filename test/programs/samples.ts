import type { Page } from '../../src/pages/page.ts';
import { writeGoOnPage } from '../../src/pages/write-go-on-page.ts';
import { writeReturnedPage } from '../../src/programs/write-returned-page.ts';
import { PLAIN } from '../pages/samples.ts';

/** What people see on the way to a program and there, for whoever looks at all pages. */
export const PROGRAM_SAMPLES: Readonly<Record<string, Page>> = {
  'program-go-on': writeGoOnPage('One moment', 'http://127.0.0.1:53122/?code=x', PLAIN),
  'program-returned': writeReturnedPage(true),
  'program-refused': writeReturnedPage(false),
};
