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

// As the server asks too (oversight/visits/positions.py): 0, 0, what is not in China, and what is far from the city.
const METRES_PER_DEGREE = 111_320;
const [SOUTH, NORTH, WEST, EAST] = [3, 54, 73, 136];

const metresBetween = (one, other) => {
  const east = (one.longitude - other.longitude) * Math.cos(((one.latitude + other.latitude) / 2) * Math.PI / 180);
  return Math.hypot(one.latitude - other.latitude, east) * METRES_PER_DEGREE;
};

export const isOdd = (place, middle) => {
  if (!(place.latitude >= SOUTH && place.latitude <= NORTH && place.longitude >= WEST && place.longitude <= EAST)) return true;
  return Boolean(middle) && metresBetween(place, middle) > middle.farthest;
};
