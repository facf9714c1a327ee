// Makes forms that already work nicer: words are kept while a page is open, a second click does nothing, errors get
// the focus, filters apply at once.

const kept = (form) => `words:${form.dataset.keep}`;
const worthKeeping = "textarea, input[type=text], input[type=date], input:not([type]), select";

for (const form of document.querySelectorAll("form[data-keep]")) {
  const fields = () => form.querySelectorAll(worthKeeping);
  const isFresh = !document.querySelector("[data-focus]");
  if (isFresh) {
    const words = JSON.parse(sessionStorage.getItem(kept(form)) || "{}");
    for (const field of fields()) if (field.name in words) field.value = words[field.name];
  }
  form.addEventListener("input", () => {
    const words = {};
    for (const field of fields()) if (field.name && field.value !== field.defaultValue) words[field.name] = field.value;
    sessionStorage.setItem(kept(form), JSON.stringify(words));
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    sessionStorage.removeItem(kept(form));
    event.submitter?.classList.add("busy");
  });
}
// Coming back with the browser's arrow, the button works again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector(".busy")?.classList.remove("busy");
  }
});

for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  for (const field of form.querySelectorAll("select, input[type=date], input[type=checkbox]")) {
    field.addEventListener("change", () => form.requestSubmit());
  }
}

document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const position = document.querySelector("[data-position]");
if (position && navigator.geolocation) {
  position.hidden = false;
  position.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      document.querySelector("[name=latitude]").value = coords.latitude.toFixed(6);
      document.querySelector("[name=longitude]").value = coords.longitude.toFixed(6);
    });
  });
}
