//! The size gate: what a phone downloads the first time, as compressed by the build.

use std::path::{Path, PathBuf};

use crate::step::{Failure, Outcome};

/// A budget in bytes of brotli: above the target is said, above the limit fails.
struct Budget {
    what: &'static str,
    target: u64,
    limit: u64,
}

/// The target is not reached yet: the README says what was measured and what is left to do. The
/// limit stands just above what was measured, so that it can only be brought down.
const WASM: Budget = Budget {
    what: "wasm",
    target: 400_000,
    limit: 555_000,
};
const FIRST_LOAD: Budget = Budget {
    what: "first load",
    target: 470_000,
    limit: 600_000,
};

/// Prints both sizes and fails above a limit.
///
/// # Errors
/// When the site has no compressed wasm, or a size is above its limit.
pub fn check(site: &Path) -> Outcome {
    let mut files = Vec::new();
    walk(site, &mut files)
        .map_err(|error| Failure::new(format!("{} is unreadable: {error}", site.display())))?;
    let mut loaded = Vec::new();
    for file in files.iter().filter(|file| is_first_load(file)) {
        loaded.push(sized(file)?);
    }
    let wasm: u64 = loaded
        .iter()
        .filter(|(file, _)| is_wasm(file))
        .map(|(_, size)| size)
        .sum();
    if wasm == 0 {
        return Err(Failure::new(
            "the built site holds no wasm; build it with `--precompress`",
        ));
    }
    for (file, size) in &loaded {
        let name = file.strip_prefix(site).unwrap_or(file);
        println!("  {:>9} B  {}", size, name.display());
    }
    let all: u64 = loaded.iter().map(|(_, size)| size).sum();
    let verdicts = [judge(&WASM, wasm), judge(&FIRST_LOAD, all)];
    verdicts.into_iter().collect()
}

fn judge(budget: &Budget, size: u64) -> Outcome {
    let Budget {
        what,
        target,
        limit,
    } = budget;
    let verdict = match size {
        size if size > *limit => "TOO LARGE",
        size if size > *target => "above the target",
        _ => "good",
    };
    println!("  {what}: {size} B in brotli (target {target}, limit {limit}): {verdict}");
    if size > *limit {
        return Err(Failure::new(format!(
            "{what} is {size} B in brotli, above {limit}"
        )));
    }
    Ok(())
}

/// What the service worker keeps before the first screen: all but the other encodings of the
/// same file.
fn is_first_load(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    !matches!(extension, Some("br" | "gz" | "zst" | "map" | "ts" | "txt"))
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
    use super::{FIRST_LOAD, WASM, judge};

    #[test]
    fn above_the_limit_fails_and_above_the_target_does_not() {
        assert!(judge(&WASM, WASM.limit + 1).is_err());
        assert!(judge(&WASM, WASM.target + 1).is_ok());
        assert!(judge(&FIRST_LOAD, FIRST_LOAD.limit + 1).is_err());
    }
}
