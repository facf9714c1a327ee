// How chosen files were turned, by what a browser says of a file: a form that is given back, or a smaller copy of the
// same photo, holds other objects for it.

const turns = new Map();
const keyOf = ({ name, size, lastModified }) => `${name}/${size}/${lastModified}`;

export const quartersOf = (file) => turns.get(keyOf(file)) ?? 0;
export const setQuarters = (file, quarters) => turns.set(keyOf(file), quarters);
