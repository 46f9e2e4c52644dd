//! The content-free document into which the app mounts: the same bytes for every app path.
//!
//! It must never hold a name, a word or an id of anybody: it lies in every phone's cache, and the
//! server answers it to whoever asks, signed in or not.

/// What the document has to name: the built files, whose names change with their content.
#[derive(Clone, Debug)]
pub struct Assets {
    /// Address of the style sheet.
    pub css: String,
    /// Address of the module that wasm-bindgen wrote.
    pub js: String,
    /// Address of the module that fetches the screens' wasm; [`Self::js`] imports it.
    pub loader: String,
    /// Address of the wasm that the app starts with.
    pub wasm: String,
    /// Which build this is: the same word as in the service worker.
    pub build: String,
}

/// The document. Names reach `boot.js` as attributes, so that no inline script is needed.
pub fn document(assets: &Assets) -> String {
    let Assets {
        css,
        js,
        loader,
        wasm,
        build,
    } = assets;
    format!(
        r##"<!doctype html>
<html lang="it" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#f7f4ee">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0b1119">
<meta name="description" content="Il piano della famiglia, anche senza rete.">
<meta name="robots" content="noindex">
<title>Percorso</title>
<link rel="stylesheet" href="{css}">
<link rel="modulepreload" href="{js}">
<link rel="modulepreload" href="{loader}">
<link rel="preload" href="{wasm}" as="fetch" type="application/wasm" crossorigin>
<link rel="manifest" href="/manifest.webmanifest">
<link rel="icon" href="/icons/percorso.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/icons/percorso-192.png">
<script type="module" src="/boot.js"
data-js="{js}" data-wasm="{wasm}" data-build="{build}"></script>
</head>
<body>
<main class="main" id="skeleton" aria-busy="true">
<h1 class="sr">Percorso</h1>
<noscript><p class="notice notice--berry">Percorso ha bisogno di JavaScript: attivalo nelle
impostazioni del browser e ricarica la pagina. <span lang="en">Percorso needs JavaScript: turn it
on in the browser’s settings and reload the page.</span></p></noscript>
<p class="notice notice--berry" id="not-started" role="alert" hidden>Percorso non si è aperto.
Ricarica la pagina; quello che hai salvato è ancora sul telefono. <span lang="en">Percorso did not
open. Reload the page; what you saved is still on this phone.</span></p>
<div class="skel" aria-hidden="true"><i></i><i></i><i></i></div>
<div class="skel" aria-hidden="true"><i></i><i></i><i></i></div>
</main>
</body>
</html>
"##
    )
}
