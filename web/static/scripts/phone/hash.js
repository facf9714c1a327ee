// SHA-256 as the server writes it.

const digest = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export const sha256Of = async (bytes) => [...await digest(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const base64 = (bytes) => { let text = ""; for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte); return btoa(text); };
export const checksumOf = async (bytes) => `sha256 ${base64(await digest(bytes))}`;
