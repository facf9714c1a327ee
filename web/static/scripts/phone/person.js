// Whose phone page this is. Known from the last sign-in, because without a network nobody can be asked.

import { askFor } from "./asking.js";
import { setSetting, setting } from "./store.js";

export const CLEARED = "phone:signed-out"; // the sign-out on another page leaves it (drafts.js)

export const lastPerson = async () => {
  let isCleared = null;
  try { isCleared = localStorage.getItem(CLEARED); } catch { /* private window */ }
  if (isCleared) await forgetPerson();
  return setting("person");
};

export const forgetPerson = async () => {
  await setSetting("person", null);
  try { localStorage.removeItem(CLEARED); } catch { /* private window */ }
};

// Ends with SignedOut where nobody is signed in.
export const askPerson = async () => {
  const state = await askFor("/phone/state");
  const clockOff = Date.now() - Date.parse(state.at);
  const person = { id: state.person, name: state.name, mayReport: state.may_report, reduces: state.reduces, wipesAfterDays: state.wipes_after_days, language: state.language, clockOff };
  await setSetting("person", person);
  try { localStorage.removeItem(CLEARED); } catch { /* private window */ }
  return person;
};

export const phoneKey = async () => {
  const known = await setting("phone");
  if (known) return known;
  const made = crypto.randomUUID();
  await setSetting("phone", made);
  return made;
};
