import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";

/**
 * A bare client of the Chrome DevTools Protocol. Not Playwright: it enables the Runtime domain, which serialises and
 * keeps every `console.log` argument, and so slows down and "leaks" a page that logs a lot.
 */
export interface Session {
  readonly id: string;
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** Evaluates in the page, as if by a click (`userGesture`). Rejects with the page's error. */
  evaluate<T>(expression: string): Promise<T>;
  /** Resolves when the expression is truthy. */
  until<T>(expression: string, timeoutMs?: number): Promise<T>;
  /** Heap after collection, DOM nodes and listeners. */
  counters(): Promise<{ heapBytes: number; nodes: number; listeners: number }>;
}

export interface Page extends Session {
  navigate(url: string): Promise<void>;
  /** The session of a frame of another site whose URL starts with `origin`; frames that are gone are forgotten. */
  frame(origin: string): Promise<Session>;
  /** As F5 does. A question whether to leave is answered with yes. */
  reload(): Promise<void>;
  /** The renderer of the page dies, or that of its frame. Resolves when the browser has noticed. */
  crash(session?: Session): Promise<void>;
  close(): Promise<void>;
}

/** Pages that share storage, locks and channels, as the tabs of one window do. */
export interface Context {
  page(scripts: readonly string[], cpuThrottle?: number): Promise<Page>;
  close(): Promise<void>;
}

export interface Browser {
  context(): Promise<Context>;
  /** A page in a context of its own. `scripts` run before any script of the page and of its frames. */
  page(scripts: readonly string[], cpuThrottle?: number): Promise<Page>;
  /** Product and version, for the report. */
  version(): Promise<string>;
  close(): Promise<void>;
}

type Listener = (method: string, params: Record<string, unknown>, session: string) => void;

const FLAGS = [
  "--headless=new",
  "--remote-debugging-port=0",
  "--no-sandbox",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-extensions",
  "--disable-features=WebRtcHideLocalIpsWithMdns,Translate,OptimizationHints,MediaRouter",
  "--allow-loopback-in-peer-connection",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--js-flags=--expose-gc",
  "--window-size=1280,900",
];

/** Pages run at full speed whether or not anybody looks at them. */
const UNTHROTTLED = [
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
];

/** @param throttles  a page that is hidden is slowed down, as in a browser that somebody uses. */
export async function launchBrowser(executable: string, throttles = false): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), "softphone-bench-"));
  const child = spawn(executable, [...FLAGS, ...(throttles ? [] : UNTHROTTLED), `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  endWithUs(child, profile);
  const address = await devtoolsAddress(child.stderr);
  const link = await connect(address);
  return {
    context: () => openContext(link),
    page: async (scripts, cpuThrottle) => {
      const context = await openContext(link);
      return { ...(await context.page(scripts, cpuThrottle)), close: context.close };
    },
    version: async () => String((await link.send("Browser.getVersion", {}))["product"]),
    close: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      link.send("Browser.close", {}).catch(() => child.kill("SIGKILL"));
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A run that is stopped half-way leaves no browser behind that would slow down the next one. */
function endWithUs(child: ChildProcess, profile: string): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      child.once("exit", () => {
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
        process.exit(1);
      });
      child.kill("SIGKILL");
    });
  }
}

function devtoolsAddress(stderr: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(() => reject(new Error(`the browser did not start: ${output}`)), 20_000);
    stderr.on("data", (chunk) => {
      output += String(chunk);
      const found = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
}

interface Link {
  send(method: string, params: object, session?: string): Promise<Record<string, unknown>>;
  listen(listener: Listener): () => void;
}

async function connect(address: string): Promise<Link> {
  const socket = new WebSocket(address, { perMessageDeflate: false, maxPayload: 2 ** 29 });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const waiting = new Map<number, { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void; method: string }>();
  const listeners = new Set<Listener>();
  let lastId = 0;
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as {
      id?: number;
      error?: { message: string };
      result?: Record<string, unknown>;
      method?: string;
      params?: Record<string, unknown>;
      sessionId?: string;
    };
    if (message.id === undefined) {
      for (const listener of listeners) listener(message.method ?? "", message.params ?? {}, message.sessionId ?? "");
      return;
    }
    const request = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) request?.reject(new Error(`${request.method}: ${message.error.message}`));
    else request?.resolve(message.result ?? {});
  });
  return {
    send: (method, params, session) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject, method });
        socket.send(JSON.stringify({ id: lastId, method, params, ...(session ? { sessionId: session } : {}) }));
      }),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function createSession(link: Link, id: string): Session {
  const send = (method: string, params: object = {}) => link.send(method, params, id);
  const evaluate = async <T>(expression: string): Promise<T> => {
    const reply = (await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true, userGesture: true })) as {
      result?: { value?: unknown };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    };
    if (reply.exceptionDetails)
      throw new Error(`in the page: ${reply.exceptionDetails.exception?.description ?? reply.exceptionDetails.text}`);
    return reply.result?.value as T;
  };
  const until = async <T>(expression: string, timeoutMs = 15_000): Promise<T> => {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const value = await evaluate<T>(expression).catch(() => null);
      if (value) return value;
      if (Date.now() > deadline) throw new Error(`not true within ${timeoutMs} ms: ${expression.slice(0, 160)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const counters = async () => {
    for (let round = 0; round < 3; round += 1) {
      await send("Runtime.discardConsoleEntries").catch(() => null);
      await send("HeapProfiler.collectGarbage");
    }
    const { metrics } = (await send("Performance.getMetrics")) as { metrics: { name: string; value: number }[] };
    const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { heapBytes: value("JSHeapUsedSize"), nodes: value("Nodes"), listeners: value("JSEventListeners") };
  };
  return { id, send, evaluate, until, counters };
}

async function openContext(link: Link): Promise<Context> {
  const { browserContextId } = await link.send("Target.createBrowserContext", {});
  return {
    page: (scripts, cpuThrottle = 1) => openPage(link, String(browserContextId), scripts, cpuThrottle),
    close: async () => {
      await link.send("Target.disposeBrowserContext", { browserContextId }).catch(() => null);
    },
  };
}

async function openPage(link: Link, browserContextId: string, scripts: readonly string[], cpuThrottle: number): Promise<Page> {
  const { targetId } = await link.send("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = (await link.send("Target.attachToTarget", { targetId, flatten: true })) as { sessionId: string };
  const frames = new Map<string, Session>();
  const prepare = async (session: Session) => {
    await session.send("Page.enable");
    await session.send("Inspector.enable");
    await session.send("Performance.enable", { timeDomain: "timeTicks" });
    for (const source of scripts) await session.send("Page.addScriptToEvaluateOnNewDocument", { source });
    if (cpuThrottle > 1) await session.send("Emulation.setCPUThrottlingRate", { rate: cpuThrottle }).catch(() => null);
    await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true });
  };
  const stopListening = link.listen((method, params, from) => {
    if (method === "Page.javascriptDialogOpening") void link.send("Page.handleJavaScriptDialog", { accept: true }, from).catch(() => null);
    if (method === "Target.detachedFromTarget") frames.delete(String(params["sessionId"]));
    if (method !== "Target.attachedToTarget" || from !== sessionId) return;
    const child = String(params["sessionId"]);
    const session = createSession(link, child);
    const { type } = params["targetInfo"] as { type: string };
    if (type === "worker") return void session.send("Runtime.runIfWaitingForDebugger").catch(() => null);
    frames.set(child, session);
    void prepare(session)
      .then(() => session.send("Runtime.runIfWaitingForDebugger"))
      .catch(() => null);
  });
  const page = createSession(link, sessionId);
  await prepare(page);
  return {
    ...page,
    navigate: async (url) => {
      await page.send("Page.navigate", { url });
    },
    frame: (origin) => findFrame(frames, origin),
    reload: async () => {
      await page.send("Page.reload");
    },
    crash: (session = page) => crash(link, session),
    close: async () => {
      stopListening();
      await link.send("Target.closeTarget", { targetId }).catch(() => null);
    },
  };
}

async function findFrame(frames: ReadonlyMap<string, Session>, origin: string): Promise<Session> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    for (const session of frames.values()) {
      // A frame whose renderer has died answers nothing, not even with an error.
      const silence = new Promise<string>((resolve) => setTimeout(resolve, 300, ""));
      const here = await Promise.race([session.evaluate<string>("location.origin").catch(() => ""), silence]);
      if (here === origin) return session;
    }
    if (Date.now() > deadline) throw new Error(`no frame of ${origin}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function crash(link: Link, session: Session): Promise<void> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error("the renderer did not die")), 10_000);
    const stop = link.listen((method, _params, from) => {
      if (from !== session.id || method !== "Inspector.targetCrashed") return;
      clearTimeout(patience);
      stop();
      resolve();
    });
    // The dead do not answer.
    session.send("Page.crash").catch(() => null);
  });
}
