// Opens HTML reports in Chromium, light and dark, on paper and on a narrow screen, and looks at what a
// parser cannot see: contrast and names by axe, requests, the console, the filter, what is wider than
// the screen. Without a network. node browser.mjs FOLDER FILE...   writes pictures into FOLDER.
//
// Exit status 1 if something is wrong.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const NAMES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const VIEWS = {
  light: { colorScheme: 'light', viewport: { width: 1200, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1200, height: 900 } },
  narrow: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
};
const TALLEST = 4000; // pixels of a picture
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

const [folder, ...files] = process.argv.slice(2);
let failures = 0;

function complain(file, view, text) {
  console.log(`${basename(file)}, ${view}: ${text}`);
  failures += 1;
}

async function opened(browser, file, view, fragment = '') {
  const context = await browser.newContext({ ...VIEWS[view], offline: true });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  page.on('console', (message) => complain(file, view, `console: ${message.text()}`));
  page.on('pageerror', (error) => complain(file, view, `error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address) complain(file, view, `asks for ${request.url()}`);
  });
  await page.goto(address + fragment);
  return { page, close: () => context.close() };
}

// The page's own policy forbids scripts but its own: axe is run from outside of it.
async function checkAccessibility(page, file, view) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  for (const { id, help, nodes } of found.violations)
    complain(file, view, `axe: ${id}: ${help}: ${nodes.length} times, as ${nodes[0].html}`);
}

async function checkWidth(page, file, view) {
  const wide = await page.evaluate(() => {
    const frame = (element) => element.closest('.frame, pre') !== null;
    const beyond = (element) => element.getBoundingClientRect().right > innerWidth + 1;
    return [...document.querySelectorAll('body *')].filter((e) => !frame(e) && beyond(e))
      .slice(0, 3).map((e) => e.outerHTML.slice(0, 120));
  });
  for (const element of wide) complain(file, view, `wider than the screen: ${element}`);
}

async function takePictures(page, file, view) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.screenshot({ path: `${folder}/${basename(file, '.html')}-${view}.png`, fullPage: true,
    clip: { x: 0, y: 0, width: VIEWS[view].viewport.width, height: Math.min(height, TALLEST) } });
}

const countsOf = async (page) => ((await page.textContent('#filter output')).match(/\d+/g)
  ?? [0, 0, 0, 0]).map(Number);
const shownOf = async (page) => page.evaluate(() => [...document.querySelectorAll('[data-row]')]
  .filter((row) => row.getClientRects().length > 0).length);

// Searches for the first package by typing, then for what is not there, then takes it all back.
async function checkFilter(page, file) {
  // The page takes a filter back when its fields are empty again, which is a moment later.
  const expect = async (what, holds) => {
    let [findings, , modules] = await countsOf(page);
    for (let tries = 0; tries < 100 && !holds(findings, modules); tries += 1) {
      await page.waitForTimeout(50);
      [findings, , modules] = await countsOf(page);
    }
    if (!holds(findings, modules)) complain(file, what, `shows ${findings} findings`);
    if (await shownOf(page) !== findings + modules) complain(file, what, 'the count is wrong');
  };
  const [, all, , modules] = await countsOf(page);
  if (all === 0) return;
  const heading = await page.textContent('.package [data-heading]');
  await page.fill('#filter [name=q]', heading);
  await expect(`search for ${heading}`, (findings) => findings > 0 && findings <= all);
  const kept = decodeURIComponent(page.url()).includes('q=');
  if (!kept) complain(file, 'search', 'the address does not keep it');
  await page.fill('#filter [name=q]', 'no such thing anywhere');
  await expect('search for nothing', (findings, others) => findings + others === 0);
  await page.click('#filter [type=reset]');
  await expect('show all', (findings, others) => findings === all && others === modules);
  const severity = await page.getAttribute('[data-row=finding]', 'data-severity');
  await page.selectOption('#filter [name=severity]', severity);
  await expect(`severity ${severity}`, (findings) => findings > 0);
}

async function checkPaper(browser, file) {
  const { page, close } = await opened(browser, file, 'light');
  await page.pdf({ path: `${folder}/${basename(file, '.html')}.pdf`, format: 'A4' });
  await page.emulateMedia({ media: 'print' });
  const folded = await page.evaluate(() => {
    dispatchEvent(new Event('beforeprint'));
    return document.querySelectorAll('details:not([open])').length;
  });
  if (folded !== 0) complain(file, 'paper', `${folded} parts are folded`);
  await close();
}

// In the browser but not by a person: everything must be there without its script.
async function checkWithoutScript(browser, file) {
  const context = await browser.newContext({ ...VIEWS.light, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  if (await page.isVisible('#filter')) complain(file, 'without script', 'shows a filter');
  await context.close();
}

const executablePath = process.env.CHROMIUM || NAMES.find((name) => {
  try { return readFileSync(name, { flag: 'r' }) && true; } catch { return false; }
});
if (!executablePath) {
  console.log('there is no Chromium: install it, or name it with CHROMIUM');
  process.exit(1);
}
const browser = await chromium.launch({ executablePath, args: FLAGS });
for (const file of files) {
  for (const view of Object.keys(VIEWS)) {
    const { page, close } = await opened(browser, file, view);
    await checkAccessibility(page, file, view);
    await checkWidth(page, file, view);
    await takePictures(page, file, view);
    if (view === 'light') await checkFilter(page, file);
    await close();
  }
  await checkPaper(browser, file);
  await checkWithoutScript(browser, file);
}
await browser.close();
process.exit(failures === 0 ? 0 : 1);
