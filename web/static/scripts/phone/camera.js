// The camera inside the page: an old phone ends the page while its camera application is open.

const box = () => document.getElementById("camera");
const video = () => box().querySelector("video");
let stream;

export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia && window.HTMLDialogElement);

export const open = async () => {
  stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 2560 }, height: { ideal: 1920 } } });
  box().addEventListener("close", close, { once: true });
  video().srcObject = stream;
  box().showModal();
  await video().play();
};

export const close = () => {
  stream?.getTracks().forEach((track) => track.stop());
  video().srcObject = null;
  if (box().open) box().close();
};

export const shoot = async () => {
  const shown = video();
  if (!shown.videoWidth) await new Promise((resolve) => { shown.addEventListener("loadeddata", resolve, { once: true }); });
  const canvas = Object.assign(document.createElement("canvas"), { width: shown.videoWidth, height: shown.videoHeight });
  canvas.getContext("2d").drawImage(shown, 0, 0);
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.9); });
};
