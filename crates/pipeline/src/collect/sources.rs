//! The source layouts that are known: the built-in ones and the workspace's own.

use std::path::Path;

use clientele_model::spec::SpecError;
use clientele_model::spec::source::SourceLayout;
use include_dir::{Dir, include_dir};

use super::error::ImportError;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../library/sources");

/// The built-in layouts, in the order of their ids.
pub fn built_in() -> Result<Vec<SourceLayout>, SpecError> {
    let mut layouts = BUILT_IN
        .files()
        .filter(|file| file.path().extension().is_some_and(|e| e == "toml"))
        .map(|file| {
            let name = format!("library/sources/{}", file.path().display());
            SourceLayout::parse(&name, file.contents_utf8().unwrap_or_default())
        })
        .collect::<Result<Vec<_>, _>>()?;
    layouts.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(layouts)
}

/// The built-in layouts and those in a folder; of two with one id the folder's counts.
pub fn all(folder: &Path) -> Result<Vec<SourceLayout>, ImportError> {
    let mut layouts = built_in()?;
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(layouts);
    };
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path)
            .map_err(|cause| ImportError::File { file: path.clone(), cause })?;
        let own = SourceLayout::parse(&path.display().to_string(), &text)?;
        layouts.retain(|layout| layout.id != own.id);
        layouts.push(own);
    }
    layouts.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(layouts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_layouts_are_sound() {
        let layouts = built_in().expect("all built-in layouts parse");
        assert_eq!(layouts.len(), 40);
        for layout in layouts {
            assert!(BUILT_IN.get_file(format!("{}.toml", layout.id)).is_some(), "{}", layout.id);
        }
    }
}
