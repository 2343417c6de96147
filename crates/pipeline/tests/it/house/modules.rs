//! The modules of a crate and what each of them imports, read from its sources.
//!
//! `crate::`, `super::` and `self::` paths, trees of `use`, paths inside code, macros and attributes are followed
//! through re-exports to the module that defines what they name. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Macro, UseTree};

/// How far re-exports of re-exports are followed.
const DEPTH: usize = 16;

/// A module: a file, or a block in one.
#[derive(Default)]
struct Module {
    parent: Option<usize>,
    name: String,
    children: BTreeMap<String, usize>,
    /// What it defines itself.
    items: BTreeSet<String>,
    /// What `use` brings in, by the name that it has here.
    bindings: BTreeMap<String, Vec<String>>,
    /// Modules whose names are brought in all at once.
    globs: Vec<Vec<String>>,
    /// Every path that it names.
    paths: Vec<Vec<String>>,
}

/// The modules of a crate.
pub struct Crate {
    modules: Vec<Module>,
}

impl Crate {
    /// Reads a crate from its first file, such as `src/lib.rs`.
    pub fn read(first: &Path) -> Crate {
        let mut read = Crate { modules: vec![Module::default()] };
        let folder = first.parent().expect("a file in a folder").to_owned();
        read.file(0, first, &folder);
        read
    }

    /// How many modules there are.
    pub fn len(&self) -> usize {
        self.modules.len()
    }

    /// What imports what: a module's path, and the path of a module whose items it names.
    pub fn imports(&self) -> BTreeSet<(String, String)> {
        let mut found = BTreeSet::new();
        for (at, module) in self.modules.iter().enumerate() {
            let globs = module.globs.iter().cloned();
            for path in module.paths.iter().chain(module.bindings.values()).cloned().chain(globs) {
                if let Some(to) = self.resolve(at, &path, DEPTH)
                    && to != at
                {
                    found.insert((self.path(at), self.path(to)));
                }
            }
        }
        found
    }

    fn path(&self, mut at: usize) -> String {
        let mut names = Vec::new();
        while let Some(parent) = self.modules[at].parent {
            names.push(self.modules[at].name.as_str());
            at = parent;
        }
        names.reverse();
        names.join("::")
    }

    fn file(&mut self, at: usize, file: &Path, folder: &Path) {
        let text = std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        self.items(at, &parsed.items, folder);
    }

    fn items(&mut self, at: usize, items: &[Item], folder: &Path) {
        let mut reader = Reader { module: &mut self.modules[at] };
        for item in items.iter().filter(|item| !matches!(item, Item::Mod(_))) {
            reader.visit_item(item);
        }
        for item in items {
            let Item::Mod(item) = item else { continue };
            if is_test(&item.attrs) {
                continue;
            }
            let name = item.ident.to_string();
            let child = self.modules.len();
            self.modules.push(Module { parent: Some(at), name: name.clone(), ..Module::default() });
            self.modules[at].children.insert(name.clone(), child);
            let inside = folder.join(&name);
            match &item.content {
                Some((_, items)) => self.items(child, items, &inside),
                None => self.file(child, &place(folder, &name), &inside),
            }
        }
    }

    /// The module that defines what a path names, from where it is written; none for other crates.
    fn resolve(&self, from: usize, path: &[String], depth: usize) -> Option<usize> {
        let (first, mut rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => 0,
            "self" => from,
            "super" => self.modules[from].parent?,
            name => {
                let found = self.named(from, name, depth)?;
                if found == from {
                    return Some(from);
                }
                found
            }
        };
        while let Some((name, more)) = rest.split_first() {
            rest = more;
            at = match name.as_str() {
                "super" => self.modules[at].parent?,
                "self" => at,
                name => match self.named(at, name, depth) {
                    // Its own item: what follows is a variant or a function of a type.
                    Some(found) if found == at => return Some(at),
                    Some(found) => found,
                    None => return Some(at),
                },
            };
        }
        Some(at)
    }

    /// The module that a name in a module leads to; the module itself for an item of its own.
    fn named(&self, at: usize, name: &str, depth: usize) -> Option<usize> {
        let module = &self.modules[at];
        if let Some(child) = module.children.get(name) {
            return Some(*child);
        }
        if module.items.contains(name) {
            return Some(at);
        }
        let depth = depth.checked_sub(1)?;
        if let Some(target) = module.bindings.get(name) {
            return if target.first().is_some_and(|first| first == name) {
                None
            } else {
                self.resolve(at, target, depth)
            };
        }
        module.globs.iter().find_map(|glob| {
            let of = self.resolve(at, glob, depth)?;
            if of == at { None } else { self.named(of, name, depth) }
        })
    }
}

/// Where the file of a module lies.
fn place(folder: &Path, name: &str) -> PathBuf {
    let plain = folder.join(format!("{name}.rs"));
    if plain.is_file() { plain } else { folder.join(name).join("mod.rs") }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Ident>().is_ok_and(|argument| argument == "test")
    })
}

/// Gathers what one module defines and names.
struct Reader<'m> {
    module: &'m mut Module,
}

impl Reader<'_> {
    fn tree(&mut self, before: &[String], tree: &UseTree) {
        match tree {
            UseTree::Path(path) => {
                let mut before = before.to_vec();
                before.push(path.ident.to_string());
                self.tree(&before, &path.tree);
            }
            UseTree::Name(name) => self.bind(before, &name.ident.to_string(), None),
            UseTree::Rename(name) => {
                self.bind(before, &name.ident.to_string(), Some(name.rename.to_string()));
            }
            UseTree::Glob(_) => self.module.globs.push(before.to_vec()),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(before, tree);
                }
            }
        }
    }

    fn bind(&mut self, before: &[String], name: &str, renamed: Option<String>) {
        let mut path = before.to_vec();
        if name != "self" {
            path.push(name.to_owned());
        }
        let Some(last) = path.last() else { return };
        let here = renamed.unwrap_or_else(|| last.clone());
        self.module.paths.push(path.clone());
        if here != "_" {
            self.module.bindings.insert(here, path);
        }
    }

    /// Paths among tokens that no parser has taken apart: arguments of macros and attributes.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end(&mut path);
                    }
                    path.push(name.to_string());
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => {
                    self.end(&mut path);
                    self.tokens(group.stream());
                }
                _ => self.end(&mut path),
            }
            colons = 0;
        }
        self.end(&mut path);
    }

    fn end(&mut self, path: &mut Vec<String>) {
        if path.len() > 1 {
            self.module.paths.push(std::mem::take(path));
        }
        path.clear();
    }

    fn define(&mut self, name: &syn::Ident) {
        self.module.items.insert(name.to_string());
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = match item {
            Item::Const(i) => (&i.attrs, Some(&i.ident)),
            Item::Enum(i) => (&i.attrs, Some(&i.ident)),
            Item::Fn(i) => (&i.attrs, Some(&i.sig.ident)),
            Item::Impl(i) => (&i.attrs, None),
            Item::Macro(i) => (&i.attrs, i.ident.as_ref()),
            Item::Static(i) => (&i.attrs, Some(&i.ident)),
            Item::Struct(i) => (&i.attrs, Some(&i.ident)),
            Item::Trait(i) => (&i.attrs, Some(&i.ident)),
            Item::Type(i) => (&i.attrs, Some(&i.ident)),
            Item::Use(i) => (&i.attrs, None),
            _ => return visit::visit_item(self, item),
        };
        if is_test(attributes) {
            return;
        }
        if let Some(name) = name {
            self.define(name);
        }
        visit::visit_item(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if !is_test(&item.attrs) {
            self.tree(&[], &item.tree);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 && path.leading_colon.is_none() {
            self.module.paths.push(path.segments.iter().map(|s| s.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.tokens(list.tokens.clone());
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.tokens(call.tokens.clone());
    }
}
