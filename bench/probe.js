// Runs before any script of the page. Times are `performance.now()` of this document, in ms.
(() => {
  if (window.__probe) return;
  const probe = (window.__probe = { frames: [], marks: {}, storage: { writes: 0, bytes: 0 }, longFrames: [], watches: [], waiting: {} });
  const now = () => performance.now();
  const method = (data) => /\r\nCSeq: ?\d+ (\w+)/i.exec(data)?.[1] ?? "";

  // First in line on every socket, so that a time is the arrival, not what the page made of it.
  const NativeSocket = window.WebSocket;
  window.WebSocket = new Proxy(NativeSocket, {
    construct(target, args, newTarget) {
      const socket = Reflect.construct(target, args, newTarget === window.WebSocket ? target : newTarget);
      socket.addEventListener("message", (event) => {
        const at = now();
        if (typeof event.data === "string") probe.frames.push(["in", event.data.slice(0, 24), at, method(event.data)]);
      });
      const send = socket.send.bind(socket);
      socket.send = (data) => {
        if (typeof data === "string") probe.frames.push(["out", data.slice(0, 24), now(), method(data)]);
        return send(data);
      };
      return socket;
    },
  });
  probe.frame = (direction, start, cseq, from = 0) =>
    probe.frames.find((f) => f[0] === direction && f[1].startsWith(start) && (!cseq || f[3] === cseq) && f[2] >= from)?.[2] ?? null;

  // Loopback only: the SDK's public STUN server cannot be reached here and must not count for or against anybody.
  const NativeConnection = window.RTCPeerConnection;
  window.RTCPeerConnection = new Proxy(NativeConnection, {
    construct: (target, [configuration, ...rest]) => Reflect.construct(target, [{ ...configuration, iceServers: [] }, ...rest], target),
  });

  const setItem = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    if (this === window.localStorage) {
      probe.storage.writes += 1;
      probe.storage.bytes += String(key).length + String(value).length;
    }
    return setItem.call(this, key, value);
  };

  try {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        probe.longFrames.push({
          at: entry.startTime,
          ms: entry.duration,
          scripts: entry.scripts.map((s) => ({ url: s.sourceURL, ms: s.duration, invoker: s.invoker })),
        });
      }
    }).observe({ type: "long-animation-frame", buffered: true });
  } catch {}

  probe.visible = (selector) => {
    const element = typeof selector === "string" ? document.querySelector(selector) : selector;
    return !!element && element.checkVisibility();
  };
  probe.button = (name) =>
    [...document.querySelectorAll("button")].find(
      (b) => (b.getAttribute("aria-label") || b.textContent || "").trim() === name && b.checkVisibility(),
    ) ?? null;
  const check = () => {
    // The time of the change, not of the look at it: to ask whether a button can be seen lays the page out.
    const at = now();
    probe.watches = probe.watches.filter(([name, test]) => {
      if (!test()) return true;
      probe.marks[name] = at;
      probe.waiting[name]?.(at);
      return false;
    });
    if (probe.watches.length === 0) observer.disconnect();
  };
  const observer = new MutationObserver(check);
  probe.watch = (name, test) => {
    delete probe.marks[name];
    probe.watches.push([name, test]);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    check();
  };
  // Resolves with the time: who asks again and again slows down what is being timed. Rejects after 30 s.
  probe.marked = (name) =>
    new Promise((resolve, reject) => {
      if (name in probe.marks) return resolve(probe.marks[name]);
      probe.waiting[name] = resolve;
      setTimeout(() => reject(new Error(`not ${name} within 30 s`)), 30_000);
    });
  probe.click = (name, run) => {
    probe.marks[name] = now();
    run();
  };
})();
