// Runs before any script of the page: counts what a call opens, and what of it is left when the call is over.
(() => {
  if (window.__leaks) return;
  const peers = [];
  const elements = [];
  const tracks = [];
  const sockets = [];
  // Milliseconds by id.
  const timers = new Map();

  window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
    construct(target, args, newTarget) {
      const peer = Reflect.construct(target, args, newTarget);
      peers.push(new WeakRef(peer));
      return peer;
    },
  });
  window.Audio = new Proxy(window.Audio, {
    construct(target, args, newTarget) {
      const element = Reflect.construct(target, args, newTarget);
      elements.push(new WeakRef(element));
      return element;
    },
  });
  window.WebSocket = new Proxy(window.WebSocket, {
    construct(target, args, newTarget) {
      const socket = Reflect.construct(target, args, newTarget);
      sockets.push(new WeakRef(socket));
      return socket;
    },
  });
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    for (const track of stream.getTracks()) tracks.push(new WeakRef(track));
    return stream;
  };
  const { setTimeout: setOnce, setInterval: setEvery, clearTimeout: clearOnce, clearInterval: clearEvery } = window;
  window.setTimeout = (run, ms, ...args) => {
    const id = setOnce(
      (...given) => {
        timers.delete(id);
        run(...given);
      },
      ms,
      ...args,
    );
    timers.set(id, ms);
    return id;
  };
  window.setInterval = (...args) => {
    const id = setEvery(...args);
    timers.set(id, args[1]);
    return id;
  };
  window.clearTimeout = (id) => (timers.delete(id), clearOnce(id));
  window.clearInterval = (id) => (timers.delete(id), clearEvery(id));

  const alive = (refs) => refs.map((ref) => ref.deref()).filter((object) => object !== undefined);
  window.__leaks = () => ({
    "peer connections": alive(peers).length,
    "audio elements": alive(elements).length,
    microphones: alive(tracks).filter((track) => track.readyState === "live").length,
    sockets: alive(sockets).filter((socket) => socket.readyState <= 1).length,
    timers: timers.size,
  });
  /** Where something is left, a hint what it may be. */
  window.__seen = () => `${document.body.innerText.replaceAll(/\s+/g, " ")} | timers of ${[...timers.values()].join(", ")} ms`;
})();
