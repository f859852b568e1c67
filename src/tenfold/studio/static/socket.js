// The connection to the server: one WebSocket, which is opened again after it was lost.

const KEY = "tenfold-session";
const TYPES = { uint8: Uint8Array, float32: Float32Array, int32: Int32Array };

/** A binary message: the length of its head, the head as JSON, and arrays. */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const message = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  for (const [name, dtype, shape] of message.arrays) {
    const type = TYPES[dtype];
    const size = shape.reduce((a, b) => a * b, 1) * type.BYTES_PER_ELEMENT;
    message[name] = { values: new type(buffer.slice(at, at + size)), shape };
    at += size;
  }
  return message;
}

export class Socket {
  #listeners = new Map();
  #socket = null;
  #wait = 500;

  constructor(onstatus) {
    this.onstatus = onstatus;
    this.#open();
    addEventListener("online", () => this.#open());
    document.addEventListener("visibilitychange", () => document.hidden || this.#open());
  }

  get ready() {
    return this.#socket?.readyState === WebSocket.OPEN && this.session !== undefined;
  }

  /** Call a function for each message of a type. */
  on(type, listener) {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  /** Send a message; false if there is no connection. */
  send(type, fields) {
    if (!this.ready) return false;
    this.#socket.send(JSON.stringify({ type, ...fields }));
    return true;
  }

  #open() {
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/socket`);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => {
      const session = sessionStorage.getItem(KEY) ?? "";
      socket.send(JSON.stringify({ type: "hello", session }));
    };
    socket.onmessage = ({ data }) => this.#receive(typeof data === "string" ? JSON.parse(data) : unpack(data));
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.session = undefined;
      this.onstatus(false);
      setTimeout(() => this.#open(), this.#wait);
      this.#wait = Math.min(8000, 2 * this.#wait);
    };
  }

  #receive(message) {
    if (message.type === "welcome") {
      this.session = message.session;
      this.model = message.model; // the model that was given on the command line
      this.#wait = 500;
      sessionStorage.setItem(KEY, message.session);
      this.onstatus(true);
    }
    for (const listener of this.#listeners.get(message.type) ?? []) listener(message);
  }
}
