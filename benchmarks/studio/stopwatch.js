// Runs in the page before its own scripts: notes when pointer events, questions and answers happen.
// A pointer event is answered when the answer to the first drawing that contains it has been painted.
(() => {
  const events = []; // times of pointer events that no painted answer contains
  const asked = new Map(); // number of a drawing -> time when it was sent
  const known = new WeakSet();
  window.stopwatch = { latencies: [], finals: [] };
  for (const type of ["pointerdown", "pointermove"]) {
    addEventListener(type, (event) => event.buttons && events.push(event.timeStamp), true);
  }
  const painted = (act) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = act;
    port2.postMessage(0);
  });
  const receive = ({ data }) => {
    if (typeof data === "string") return;
    const length = new DataView(data).getUint32(0, true);
    const { type, id } = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
    if (type !== "drawn" || !asked.has(id)) return;
    const { time, final } = asked.get(id);
    asked.delete(id);
    painted(() => {
      const now = performance.now();
      if (final) window.stopwatch.finals.push(now - time);
      while (events.length && events[0] <= time) window.stopwatch.latencies.push(now - events.shift());
    });
  };
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) {
    if (!known.has(this)) {
      known.add(this);
      this.addEventListener("message", receive);
    }
    const message = JSON.parse(text);
    if (message.type === "draw") asked.set(message.id, { time: performance.now(), final: message.final });
    return send.call(this, text);
  };
})();
