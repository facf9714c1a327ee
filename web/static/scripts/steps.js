// A long form in steps, on a phone: one step is shown, the others wait in the page with all that stands in them. Without
// this script, and on a desk, it is one long form. Nothing is sent between the steps.

const isNarrow = matchMedia("(max-width: 899px)");
const stepsOf = (form) => [...form.querySelectorAll("[data-step]")];
const shownIn = new WeakMap(); // form → which step

const draw = (form) => {
  const steps = stepsOf(form);
  const at = shownIn.get(form) ?? 0;
  const last = steps.length - 1;
  steps.forEach((step, place) => { step.hidden = isNarrow.matches && place !== at; });
  form.classList.toggle("stepwise", isNarrow.matches);
  form.classList.toggle("at-last", at === last);
  for (const link of document.querySelectorAll("[data-to-step]")) {
    if (Number(link.dataset.toStep) === at && isNarrow.matches) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  form.querySelector("[data-step-back]").hidden = !isNarrow.matches || at === 0;
  form.querySelector("[data-step-next]").hidden = !isNarrow.matches || at === last;
};

const go = (form, at, { quietly = false } = {}) => {
  const steps = stepsOf(form);
  shownIn.set(form, Math.max(0, Math.min(at, steps.length - 1)));
  draw(form);
  if (quietly || !isNarrow.matches) return;
  history.replaceState(history.state, "", `#${steps[shownIn.get(form)].id}`);
  const heading = steps[shownIn.get(form)].querySelector("h2");
  heading.focus({ preventScroll: true });
  (form.querySelector(".step-bar") ?? heading).scrollIntoView({ block: "start" });
};

// Where something is wrong, the first such step is shown; else the one that the address names.
const enhance = () => {
  const form = document.querySelector("form.three-steps");
  if (!form) return;
  const steps = stepsOf(form);
  const wrong = steps.findIndex((step) => step.querySelector(".wrong"));
  const named = steps.findIndex((step) => `#${step.id}` === location.hash);
  go(form, wrong >= 0 ? wrong : Math.max(0, named), { quietly: true });
};

document.addEventListener("click", (event) => {
  const form = document.querySelector("form.three-steps");
  const link = event.target.closest("[data-to-step]");
  if (!form || !isNarrow.matches) return;
  if (link) { event.preventDefault(); go(form, Number(link.dataset.toStep)); }
  if (event.target.closest("[data-step-next]")) go(form, (shownIn.get(form) ?? 0) + 1);
  if (event.target.closest("[data-step-back]")) go(form, (shownIn.get(form) ?? 0) - 1);
});

isNarrow.addEventListener?.("change", () => { const form = document.querySelector("form.three-steps"); if (form) draw(form); });
enhance();
document.addEventListener("content", enhance);
