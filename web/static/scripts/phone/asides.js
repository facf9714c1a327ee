// What stands beside the form: to which case one adds, and the question about a position that can't be.

import { said } from "./words.js";

const addition = document.getElementById("addition");
const odd = document.getElementById("odd");

export const showAddition = ({ addition: to, on_visit: visit }, more) => {
  addition.hidden = !to && !visit;
  more.hidden = Boolean(to);
  addition.querySelector("span").textContent = to ? said("adding_to", { number: to.number }) : visit ? said("finding_of_visit", { item: visit.name }) : "";
};

export const showOdd = (place) => {
  odd.hidden = !place?.odd || Boolean(place.confirmed);
  odd.querySelector("span").textContent = place ? said("odd_place", { latitude: place.latitude, longitude: place.longitude }) : "";
};
