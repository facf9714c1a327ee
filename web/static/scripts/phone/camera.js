// The camera inside the page: an old phone ends the page while its camera application is open.

const box = document.getElementById("camera");
const video = box.querySelector("video");
let stream;

export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia && window.HTMLDialogElement);

export const open = async () => {
  stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 2560 }, height: { ideal: 1920 } } });
  video.srcObject = stream;
  box.showModal();
  await video.play();
};

export const close = () => {
  stream?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
  if (box.open) box.close();
};

export const shoot = async () => {
  if (!video.videoWidth) await new Promise((resolve) => { video.addEventListener("loadeddata", resolve, { once: true }); });
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.9); });
};

box.addEventListener("close", close);
