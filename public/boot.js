// Starts the app. The names of the built files are on this script's own tag.
const { js, wasm } = document.querySelector("script[data-js]").dataset;
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(console.error);
}
try {
  const app = await import(js);
  await app.default({ module_or_path: wasm });
  app.start_app();
  document.getElementById("skeleton")?.remove();
} catch (error) {
  document.getElementById("not-started").hidden = false;
  throw error;
}
