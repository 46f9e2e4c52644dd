//! The size gate: what a phone downloads before its first screen, and what comes after, as
//! compressed by the build.

use std::path::{Path, PathBuf};

use crate::step::{Failure, Outcome};

/// A budget in bytes of brotli. The limit stands just above what was measured; who raises one says
/// why in the same commit.
struct Budget {
    what: &'static str,
    limit: u64,
}

const WASM: Budget = Budget {
    what: "wasm at first load",
    limit: 319_400,
};
const FIRST_LOAD: Budget = Budget {
    what: "first load",
    limit: 358_100,
};
/// With the screens behind the gate, which come while the PIN is being typed.
const ALL_WASM: Budget = Budget {
    what: "all wasm",
    limit: 933_500,
};

/// Prints the sizes and fails above a limit.
///
/// # Errors
/// When the site has no compressed wasm, or a size is above its limit.
pub fn check(site: &Path) -> Outcome {
    let mut files = Vec::new();
    walk(site, &mut files)
        .map_err(|error| Failure::new(format!("{} is unreadable: {error}", site.display())))?;
    let mut kept = Vec::new();
    for file in files.iter().filter(|file| is_kept(file)) {
        kept.push(sized(file)?);
    }
    let sum = |which: fn(&Path) -> bool| -> u64 {
        let sizes = kept.iter().filter(|(file, _)| which(file));
        sizes.map(|(_, size)| size).sum()
    };
    let first_wasm = sum(|file| is_wasm(file) && !is_later(file));
    let all_wasm = sum(is_wasm);
    if first_wasm == 0 || first_wasm == all_wasm {
        return Err(Failure::new(
            "the built site holds no wasm, or all in one file; build it with `--split \
             --precompress`",
        ));
    }
    for (file, size) in &kept {
        let name = file.strip_prefix(site).unwrap_or(file).display();
        let when = if is_later(file) { " (after start)" } else { "" };
        println!("  {size:>9} B  {name}{when}");
    }
    let verdicts = [
        judge(&WASM, first_wasm),
        judge(&FIRST_LOAD, sum(|file| !is_later(file))),
        judge(&ALL_WASM, all_wasm),
    ];
    verdicts.into_iter().collect()
}

fn judge(budget: &Budget, size: u64) -> Outcome {
    let Budget { what, limit } = budget;
    println!("  {what}: {size} B in brotli (limit {limit})");
    if size > *limit {
        return Err(Failure::new(format!(
            "{what} is {size} B in brotli, above {limit}"
        )));
    }
    Ok(())
}

/// What the service worker keeps: all but the other encodings of the same file and the list that
/// only tools read.
fn is_kept(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    !matches!(extension, Some("br" | "gz" | "zst" | "map" | "ts" | "txt"))
        && !is_named(file, &["__wasm_split_manifest."])
}

/// Whether it is fetched once the app has started: wasm that the build calls `split_…`, or
/// `chunk_…` where two of them share it, and what families read in their languages.
fn is_later(file: &Path) -> bool {
    let is_read = file
        .parent()
        .is_some_and(|folder| folder.ends_with("lingue") || folder.ends_with("obiettivi"));
    is_read || is_wasm(file) && is_named(file, &["split_", "chunk_"])
}

fn is_named(file: &Path, beginnings: &[&str]) -> bool {
    let name = file.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| beginnings.iter().any(|begin| name.starts_with(begin)))
}

fn is_wasm(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension == "wasm")
}

/// A file with its size on the wire: the brotli twin when the build made one.
fn sized(file: &Path) -> Outcome<(PathBuf, u64)> {
    let mut twin = file.as_os_str().to_owned();
    twin.push(".br");
    let about = std::fs::metadata(PathBuf::from(twin)).or_else(|_| std::fs::metadata(file));
    match about {
        Ok(about) => Ok((file.to_path_buf(), about.len())),
        Err(error) => Err(Failure::new(format!(
            "{} is unreadable: {error}",
            file.display()
        ))),
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{WASM, is_kept, is_later, judge};

    #[test]
    fn above_the_limit_fails() {
        assert!(judge(&WASM, WASM.limit).is_ok());
        assert!(judge(&WASM, WASM.limit + 1).is_err());
    }

    #[test]
    fn what_comes_after_the_start_is_told_apart() {
        let is = |name: &str| (is_kept(Path::new(name)), is_later(Path::new(name)));
        assert_eq!(is("pkg/percorso.abc.wasm"), (true, false));
        assert_eq!(is("pkg/split_screens.abc.wasm"), (true, true));
        assert_eq!(is("pkg/__wasm_split.abc.js"), (true, false));
        assert_eq!(is("lingue/ar.json"), (true, true));
        assert_eq!(is("obiettivi/ar.json"), (true, true));
        assert_eq!(is("manifest.json"), (true, false));
        assert_eq!(is("pkg/__wasm_split_manifest.abc.json"), (false, false));
        assert_eq!(is("pkg/percorso.abc.wasm.br"), (false, false));
    }
}
