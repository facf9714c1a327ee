// Where the phone says that it is, asked for while a photo is taken. Nothing waits for it.

const PATIENCE = 15_000;

export const position = () => new Promise((resolve) => {
  if (!navigator.geolocation) return resolve(null);
  navigator.geolocation.getCurrentPosition(
    ({ coords, timestamp }) => resolve({ latitude: Number(coords.latitude.toFixed(6)), longitude: Number(coords.longitude.toFixed(6)), accuracy: Math.round(coords.accuracy), at: new Date(timestamp).toISOString() }),
    () => resolve(null),
    { timeout: PATIENCE, enableHighAccuracy: true, maximumAge: 60_000 },
  );
});
