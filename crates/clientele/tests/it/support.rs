//! Running the program.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The folder of the repository.
pub fn repository() -> PathBuf {
    // Asked for as the tests run: a build cache may be shared by several clones.
    let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR").expect("set while tests run");
    Path::new(&crate_folder).join("../..").canonicalize().expect("the repository")
}

/// A file under `fixtures/`.
pub fn fixture(path: &str) -> PathBuf {
    repository().join("fixtures").join(path)
}

/// The program without anything of the surroundings that could change what it does.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clientele"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CLIENTELE_") || text.starts_with("LC_") || text == "LANG" {
            command.env_remove(&name);
        }
    }
    command.env("COLUMNS", "100");
    command
}

/// How a run of the program ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(command: &mut Command) -> Ran {
        let output = command.stdin(Stdio::null()).output().expect("the program starts");
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// Insists on success.
    #[track_caller]
    pub fn fine(self) -> Ran {
        assert_eq!(self.code, Some(0), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Insists on failure with exit code 1 and nothing on stdout.
    #[track_caller]
    pub fn failed(self) -> Ran {
        assert_eq!(self.code, Some(1), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        assert_eq!(self.out, "");
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("one JSON document on stdout")
    }
}

/// A workspace in a passing folder.
pub struct Workspace {
    folder: TempDir,
}

impl Workspace {
    /// An empty workspace in pounds.
    pub fn new() -> Self {
        Self::in_language("en")
    }

    pub fn in_language(language: &str) -> Self {
        let workspace = Workspace { folder: tempfile::tempdir().expect("a folder") };
        let settings = ["--currency", "GBP", "--timezone", "Europe/London", "--language", language];
        let shop = workspace.path("shop");
        Ran::of(program().arg("init").arg(&shop).args(settings)).fine();
        workspace
    }

    /// The shop of twenty customers, not yet refreshed.
    pub fn tiny_shop(language: &str) -> Self {
        let workspace = Self::in_language(language);
        workspace.run([OsStr::new("import"), fixture("tiny_shop/customers.csv").as_ref()]).fine();
        workspace.run([OsStr::new("import"), fixture("tiny_shop/orders.csv").as_ref()]).fine();
        workspace
    }

    /// The shop of twenty customers, refreshed on the two days of its README.
    pub fn refreshed(language: &str) -> Self {
        let workspace = Self::tiny_shop(language);
        workspace.run(["refresh", "--as-of", "2025-07-01"]).fine();
        workspace.run(["refresh", "--as-of", "2025-08-01"]).fine();
        workspace
    }

    /// A copy of the workspace and of what lies beside it.
    pub fn copy(&self) -> Self {
        let copy = Workspace { folder: tempfile::tempdir().expect("a folder") };
        copy_folder(self.folder.path(), copy.folder.path());
        copy
    }

    /// A path beside the workspace.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The workspace's folder.
    pub fn shop(&self) -> PathBuf {
        self.path("shop")
    }

    /// The program, for this workspace.
    pub fn program(&self) -> Command {
        let mut command = program();
        command.arg("--workspace").arg(self.shop()).current_dir(self.folder.path());
        command
    }

    pub fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Ran {
        Ran::of(self.program().args(args))
    }

    /// Writes a file beside the workspace.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("the file is written");
        path
    }

    /// Every file of the workspace with its content, to see that nothing changed. What only says who
    /// is writing is left out.
    pub fn content(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(&self.shop(), &mut found);
        found
    }

    /// A text without the name of the passing folder.
    pub fn neutral(&self, text: &str) -> String {
        text.replace(&self.folder.path().display().to_string(), "[folder]")
    }
}

fn collect(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.file_name() != Some(OsStr::new("_lock")) {
            let content = fs::read(&path).expect("a file");
            found.insert(path, content);
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => fs::copy(entry.path(), target).map(|_| ()).expect("a file"),
        }
    }
}

/// A process that ends with the test.
pub struct Running(pub Child);

impl Running {
    pub fn start(command: &mut Command) -> Running {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Running(command.spawn().expect("the program starts"))
    }

    /// Ends the process as `kill -9` does.
    pub fn kill(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Numbers that look random and are the same every time.
pub struct Dice(pub u64);

impl Dice {
    /// A number from 0 to 1.
    pub fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}
