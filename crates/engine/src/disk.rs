//! The one door to the disk: what makes, writes, renames or removes a file of a workspace goes
//! through here. What goes through one door can be made to fail at each of its steps, which is how
//! the tests find out what a full disk or a power cut leaves behind (feature `faults`).

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is being written.
#[derive(Debug)]
pub struct DiskFile {
    file: File,
    path: PathBuf,
}

impl DiskFile {
    /// Makes a file; one that is there already is an error.
    pub fn create_new(path: &Path) -> io::Result<Self> {
        let file = step("create", path, || File::create_new(path))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Makes a file, or empties the one that is there.
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = step("create", path, || File::create(path))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// A file that is open already.
    pub fn of(file: File, path: &Path) -> Self {
        Self { file, path: path.to_owned() }
    }

    /// Waits until all that was written is on the disk.
    pub fn sync_all(&self) -> io::Result<()> {
        step("sync", &self.path, || self.file.sync_all())
    }

    /// What the file system says of the file.
    pub fn metadata(&self) -> io::Result<Metadata> {
        self.file.metadata()
    }
}

impl Write for DiskFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        #[cfg(feature = "faults")]
        return crate::faults::on_write(&self.path, bytes, |bytes| self.file.write(bytes));
        #[cfg(not(feature = "faults"))]
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Makes a folder and those above it, as far as they are not there.
pub fn create_dir_all(path: &Path) -> io::Result<()> {
    step("make folder", path, || fs::create_dir_all(path))
}

/// Gives a file a second name; a name that is taken is an error.
pub fn hard_link(from: &Path, to: &Path) -> io::Result<()> {
    step("link", to, || fs::hard_link(from, to))
}

/// Gives a file another name; a file of that name is replaced.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    step("rename", to, || fs::rename(from, to))
}

/// Removes a file.
pub fn remove_file(path: &Path) -> io::Result<()> {
    step("remove", path, || fs::remove_file(path))
}

/// Writes a folder's list of names to the disk. Some file systems cannot; they keep the names
/// safe in their own way.
pub fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().ok();
    }
}

/// Writes a file that has its new content as a whole or its old one. The folder must be there.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = Draft::of(path)?;
    draft.write(bytes)?;
    draft.publish()
}

/// A file under a passing name, which gets its own name once everything is on the disk. The passing
/// name is the same each time: what an interrupted attempt left is used again by the next.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    passing: PathBuf,
}

impl Draft {
    /// The draft of a file. Nothing is written yet.
    pub fn of(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or_else(|| io::Error::other("the path names no file"))?;
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(".new");
        Ok(Self { path: path.to_owned(), passing: path.with_file_name(hidden) })
    }

    /// Whether an earlier attempt left it.
    pub fn is_there(&self) -> bool {
        self.passing.is_file()
    }

    /// Writes it to the disk, whole; one that an earlier attempt left is written anew.
    pub fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let written =
            DiskFile::create(&self.passing).and_then(|mut f| f.write_all(bytes).and_then(|()| f.sync_all()));
        if written.is_err() {
            // Nobody reads it under this name, so it does no harm if it stays.
            remove_file(&self.passing).ok();
        }
        written
    }

    /// Removes it; if it stays, it does no harm.
    pub fn discard(self) {
        remove_file(&self.passing).ok();
    }

    /// Gives it the file's own name; a file of that name is replaced.
    pub fn publish(self) -> io::Result<()> {
        rename(&self.passing, &self.path)?;
        if let Some(folder) = self.path.parent() {
            sync_folder(folder);
        }
        Ok(())
    }
}

/// Takes one step on the disk.
#[cfg(not(feature = "faults"))]
fn step<T>(_name: &'static str, _path: &Path, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    work()
}

/// Takes one step on the disk, or does to it what a test wants done.
#[cfg(feature = "faults")]
fn step<T>(name: &'static str, path: &Path, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    crate::faults::on_disk(name, path, work)
}
