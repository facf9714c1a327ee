// Makes forms that already work nicer: words are kept while a page is open, a second click does nothing, errors get
// the focus, filters apply at once. Runs for every content that comes: with the page, and after an upload.

const kept = (form) => `words:${form.dataset.keep}`;
const WORTH_KEEPING = "textarea, input[type=text], input[type=date], input:not([type]), select";

const keepWords = (form) => {
  const fields = () => form.querySelectorAll(WORTH_KEEPING);
  const words = JSON.parse(sessionStorage.getItem(kept(form)) || "{}");
  // What came back with an error holds the words already.
  if (!form.querySelector("[data-focus]")) {
    for (const field of fields()) if (!field.value && field.name in words) field.value = words[field.name];
  }
  form.addEventListener("input", () => {
    const now = {};
    for (const field of fields()) if (field.name && field.value !== field.defaultValue) now[field.name] = field.value;
    sessionStorage.setItem(kept(form), JSON.stringify(now));
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sent = "1";
    sessionStorage.removeItem(kept(form));
    event.submitter?.classList.add("busy");
  });
};

const offerPosition = (button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      document.querySelector("[name=latitude]").value = coords.latitude.toFixed(6);
      document.querySelector("[name=longitude]").value = coords.longitude.toFixed(6);
    });
  });
};

const enhance = () => {
  document.querySelectorAll("form[data-keep]").forEach(keepWords);
  for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
    for (const field of form.querySelectorAll("select, input[type=date], input[type=checkbox]")) {
      field.addEventListener("change", () => form.requestSubmit());
    }
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  if (navigator.geolocation) document.querySelectorAll("[data-position]").forEach(offerPosition);
  document.querySelector("[data-focus]")?.focus();
};

enhance();
document.addEventListener("content", enhance);
// Coming back with the browser's arrow, the button works again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector(".busy")?.classList.remove("busy");
  }
});
