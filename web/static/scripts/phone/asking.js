// One question to the server: an answer, or why there is none.

export class Offline extends Error {}
export class SignedOut extends Error {}
export class Refused extends Error {
  constructor(status, answer) { super(answer.sentence); Object.assign(this, { status, code: answer.code, fields: answer.fields ?? {} }); }
}

const PATIENCE = 60_000;
const PAUSES = [300, 900]; // a weak line often takes the second try

const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// What is read of the answer is read with the same patience: a line may also break in the middle of it.
const once = async (address, { method = "GET", headers = {}, body, also = [], read = (answer) => answer }) => {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, {
      method, body, signal: stop.signal, credentials: "same-origin", cache: "no-store", redirect: "error",
      headers: { Accept: "application/json", "X-CSRFToken": token(), ...headers },
    });
    if (answer.ok || also.includes(answer.status)) return await read(answer);
    if (answer.status === 401) throw new SignedOut();
    if (answer.status < 500 && answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Refused(answer.status, await answer.json());
    throw new Offline(`HTTP ${answer.status}`);
  } catch (error) {
    if (error instanceof SignedOut || error instanceof Refused || error instanceof Offline) throw error;
    throw new Offline(String(error));
  } finally { clearTimeout(late); }
};

// A line that breaks, a full server, a page in place of an answer: the same may be asked again, now and later.
export const ask = async (address, options = {}) => {
  for (const wait of PAUSES) {
    try { return await once(address, options); } catch (error) { if (!(error instanceof Offline) || navigator.onLine === false) throw error; }
    await pause(wait);
  }
  return once(address, options);
};

export const askFor = (address, options) => ask(address, { ...options, read: (answer) => answer.json() });
export const askForBytes = (address) => ask(address, { read: (answer) => answer.arrayBuffer() });

export const tell = (address, content) => askFor(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) });
