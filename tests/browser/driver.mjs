// A browser at the end of a pipe: each line of standard input is a command as JSON, each line of standard output its
// answer. tests/kit/browser.py is the other end; what is tested is said there.
//
//   node driver.mjs FOLDER CHROMIUM    FOLDER has node_modules/playwright-core
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';

const EVERY_MS = 10;
const [folder, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(resolve(folder) + '/')('playwright-core');
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
});
let context = null;
let page = null;
let told = []; // of the console, and errors that nobody caught

const commands = {
  async open({ url, width = 1280, height = 800, scheme = 'light', languages = 'en', motion = 'no-preference' }) {
    if (context) await context.close();
    context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale: languages, reducedMotion: motion });
    page = await context.newPage();
    told = [];
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) told.push(`${message.type()}: ${message.text()}`); });
    page.on('pageerror', (error) => told.push(`uncaught: ${error.message}`));
    page.on('dialog', (dialog) => { told.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    await page.goto(url);
  },
  // A function's text, with one argument. `wait`: until what it gives is true.
  evaluate: ({ code, given }) => page.evaluate(`(${code})(${JSON.stringify(given ?? null)})`),
  wait: async ({ code, given, seconds = 60 }) => {
    // Playwright's own waiting evaluates a string in the page, which the page's policy forbids, as it should.
    for (const end = Date.now() + seconds * 1000; ;) {
      let got = null;
      try {
        got = await commands.evaluate({ code, given });
      } catch (error) {
        if (!/context was destroyed|navigation/i.test(error.message)) throw error; // the page is on its way
      }
      if (got) return got;
      if (Date.now() > end) throw new Error(`not within ${seconds} s: ${code}`);
      await new Promise((go) => setTimeout(go, EVERY_MS));
    }
  },
  click: ({ selector }) => page.click(selector),
  select: ({ selector, value }) => page.selectOption(selector, value),
  press: ({ key }) => page.keyboard.press(key),
  screenshot: ({ path }) => page.screenshot({ path }).then(() => null),
  size: ({ width, height }) => page.setViewportSize({ width, height }),
  told: () => { const all = told; told = []; return all; },
};

console.log(JSON.stringify({ ready: browser.version() }));
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...given } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ answer: (await commands[command](given)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.message ?? error) }));
  }
}
await browser.close();
