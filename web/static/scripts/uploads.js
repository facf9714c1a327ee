// Sends a form with files so that the way they have gone can be seen; the answer takes the page's place, as it would
// without this script. A chosen file is sent at once where the form has a button to keep files.

const bar = (form) => {
  const box = document.createElement("p");
  const words = document.createElement("span");
  const progress = document.createElement("progress");
  box.className = "upload";
  box.setAttribute("role", "status");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", form.dataset.uploading ?? "");
  words.textContent = form.dataset.uploading ?? "";
  box.append(words, progress);
  form.querySelector(".act").before(box);
  return { box, words, progress };
};

const show = (answer) => {
  const page = new DOMParser().parseFromString(answer.responseText, "text/html");
  const isElsewhere = new URL(answer.responseURL).pathname !== location.pathname;
  const place = scrollY;
  if (isElsewhere) history.pushState(null, "", answer.responseURL);
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  scrollTo(0, isElsewhere ? 0 : place);
  document.dispatchEvent(new Event("content"));
  // What only the new page needs; a module that is there already has heard of the content.
  for (const { src } of page.querySelectorAll("head script[src]")) {
    if ([...document.scripts].some((script) => script.src === src)) continue;
    document.head.append(Object.assign(document.createElement("script"), { type: "module", src }));
  }
};

const send = (form, submitter) => {
  const { box, words, progress } = bar(form);
  const request = new XMLHttpRequest();
  request.open("POST", form.action || location.href);
  request.upload.addEventListener("progress", ({ loaded, total }) => { progress.value = loaded / total; });
  request.addEventListener("load", () => show(request));
  request.addEventListener("error", () => {
    words.textContent = form.dataset.uploadFailed ?? "";
    box.classList.add("failed");
    progress.remove();
    delete form.dataset.sent;
    submitter?.classList.remove("busy");
  });
  request.send(new FormData(form, submitter));
};

const enhance = () => {
  for (const form of document.querySelectorAll("form[enctype='multipart/form-data']")) {
    const inputs = [...form.querySelectorAll("input[type=file]")];
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || !inputs.some((input) => input.files.length)) return;
      event.preventDefault();
      send(form, event.submitter);
    });
    const keep = form.querySelector("button[name=keep]");
    for (const input of keep ? inputs : []) {
      input.addEventListener("change", () => {
        const names = input.closest("fieldset")?.querySelector("[name=signed_by]");
        if (input.files.length && (!names || names.value.trim())) form.requestSubmit(keep);
      });
    }
  }
};

enhance();
document.addEventListener("content", enhance);
// After an answer took the page's place, the arrow back means the page that was there before.
addEventListener("popstate", () => location.reload());
