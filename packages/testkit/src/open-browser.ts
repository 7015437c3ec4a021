import { type Browser, chromium, type Page } from 'playwright-core';

/** A page of a browser that reaches nothing but one origin, and what went wrong on it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors that the page threw or logged, and what its Content-Security-Policy stopped. */
  readonly faults: readonly string[];
  /** Hosts that the page asked for, sockets included. */
  readonly hosts: ReadonlySet<string>;
}

/** A browser with a fresh profile. Close it. */
export interface WatchedBrowser {
  open(url: string): Promise<WatchedPage>;
  close(): Promise<void>;
}

const flags = [
  // The sandbox of Chromium needs rights that root in a container does not have; only our own pages are opened.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Starts a browser headless. Each page that is opened has a storage of its own. */
export async function openBrowser(executablePath: string): Promise<WatchedBrowser> {
  const browser: Browser = await chromium.launch({ executablePath, headless: true, args: flags });
  return {
    async open(url) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      const faults: string[] = [];
      const hosts = new Set<string>();
      page.on('request', (request) => {
        if (/^(https?|wss?):/.test(request.url())) hosts.add(new URL(request.url()).host);
      });
      page.on('websocket', (socket) => hosts.add(new URL(socket.url()).host));
      page.on('pageerror', (error) => faults.push(String(error)));
      // A violated policy is logged as an error.
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      await page.goto(url);
      return { page, faults, hosts };
    },
    close: () => browser.close(),
  };
}
