// Derives a key from a secret off the page's thread, so that the screen stays alive meanwhile.
// It runs the app's own program: the page sends it compiled, with the name of its script.
self.onmessage = async ({ data: { js, module, secret, salt, memoryKib, passes } }) => {
  try {
    const app = await import(js);
    await app.default({ module_or_path: module });
    const start = performance.now();
    const key = app.derive_key(secret, salt, memoryKib, passes);
    self.postMessage({ key, tookMs: performance.now() - start }, [key.buffer]);
  } catch (error) {
    // Without a key in the answer the page derives it itself.
    self.postMessage({});
    throw error;
  } finally {
    secret.fill(0);
  }
};
// Some browsers lose this script now and then and tell nobody: the page waits for this word.
self.postMessage("here");
