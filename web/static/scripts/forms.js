// Makes forms that already work nicer: a second click does nothing, errors get the focus, filters apply at once.
// Listens on the document, so it holds for every content that comes: with the page, and after an upload.

// Who signed in again in another tab has another token meanwhile; the cookie holds the one that counts.
const renewToken = (form) => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  const field = form.querySelector("[name=csrfmiddlewaretoken]");
  if (token && field) field.value = token;
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  renewToken(form);
  if (!("keep" in form.dataset || "once" in form.dataset)) return;
  form.dataset.sent = "1";
  event.submitter?.classList.add("busy");
}, true);

document.addEventListener("change", ({ target }) => {
  if (target.matches("form[data-submit-on-change] :is(select, input[type=date], input[type=checkbox])")) target.form.requestSubmit();
});

document.addEventListener("click", ({ target }) => { if (target.closest("[data-print]")) print(); });

// Every measure passes that is not returned already; the server does the same where there is no script.
document.addEventListener("click", (event) => {
  const { form } = event.target.closest("[data-all-pass]") ?? {};
  if (!form) return;
  event.preventDefault();
  for (const measure of form.querySelectorAll(".measure-form:not(.stands):has([value=pass])")) {
    if (!measure.querySelector("[value=return]:checked")) measure.querySelector("[value=pass]").checked = true;
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
});

const enhance = () => {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
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
