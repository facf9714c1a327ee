// What a script asks the server beside the page it stands on. When the line breaks, before the answer or in the middle of
// it, there is no answer (undefined) and no error: the page itself works without it.

const ask = async (address, accept, read, { headers, ...options } = {}) => {
  try {
    const answer = await fetch(address, { ...options, headers: { Accept: accept, ...headers } });
    const { ok: isOk, redirected: isRedirected, url } = answer;
    return { isOk, isRedirected, isUsable: isOk && !isRedirected, address: url, content: await read(answer) };
  } catch { return undefined; }
};

const text = (answer) => answer.text();
// Who is led to the sign-in gets its page, which says nothing.
const data = (answer) => (answer.ok && !answer.redirected ? answer.json() : undefined);

export const askForPage = (address, options) => ask(address, "text/html", text, options);
export const askForData = (address, options) => ask(address, "application/json", data, options);
export const parsed = (words) => new DOMParser().parseFromString(words, "text/html");
