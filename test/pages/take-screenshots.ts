import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_SAMPLES } from '../demo/samples.ts';
import { PROGRAM_SAMPLES } from '../programs/samples.ts';
import { openBrowser, VIEWS } from '../support/open-browser.ts';
import { SAMPLES } from './samples.ts';

// Every page in light, dark and phone width, to be looked at: build/screenshots/NAME.VIEW.png. Arguments choose names.

const FOLDER = join(import.meta.dirname, '../../build/screenshots');
const chosen = process.argv.slice(2);
const samples = Object.entries({ ...SAMPLES, ...DEMO_SAMPLES, ...PROGRAM_SAMPLES }).filter(
  ([name]) => chosen.length === 0 || chosen.includes(name),
);

await mkdir(FOLDER, { recursive: true });
await using browser = await openBrowser();
for (const [view, options] of Object.entries(VIEWS)) {
  await using context = await browser.newContext(options);
  const page = await context.newPage();
  for (const [name, { html }] of samples) {
    await page.setContent(html);
    await page.screenshot({ path: join(FOLDER, `${name}.${view}.png`), fullPage: true });
  }
}
console.log(`${samples.length} pages, ${Object.keys(VIEWS).length} views: ${FOLDER}`);
