//! Faults of disks and object stores, at chosen operations: for tests.
//!
//! A [`Watch`] counts the operations on a folder ([`watch_folder`]) or on a [`Bucket`], which is an
//! object store in memory with the rules of S3, and lets the n-th of them go wrong.

mod bucket;
mod clock;
mod registry;
mod store;
mod watch;

use std::io::{Error, ErrorKind, Result};
use std::path::Path;

pub use bucket::Bucket;
pub(crate) use registry::bucket_store;
pub use registry::{WatchedFolder, watch_folder};
pub(crate) use store::on_local_files;
pub use watch::{Among, Fault, Operation, Watch};

use watch::Verdict;

/// A step on the disk.
pub(crate) fn on_disk<T>(name: &'static str, path: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    match verdict(name, path) {
        Verdict::Go | Verdict::Twice | Verdict::Cut => work(),
        Verdict::Fail => Err(full()),
        Verdict::DoneThenFail => work().and_then(|_| Err(full())),
        Verdict::Visit(visit) => {
            visit.wait();
            work()
        }
    }
}

/// A write to a file: what fails has written half.
pub(crate) fn on_write(
    path: &Path,
    bytes: &[u8],
    mut write: impl FnMut(&[u8]) -> Result<usize>,
) -> Result<usize> {
    match verdict("write", path) {
        Verdict::Go | Verdict::Twice | Verdict::Cut => write(bytes),
        Verdict::Fail => write(&bytes[..bytes.len() / 2]).and_then(|_| Err(full())),
        Verdict::DoneThenFail => write(bytes).and_then(|_| Err(full())),
        Verdict::Visit(visit) => {
            visit.wait();
            write(bytes)
        }
    }
}

fn verdict(name: &'static str, path: &Path) -> Verdict {
    registry::watch_of(path).map_or(Verdict::Go, |watch| watch.pass(name, &path.display().to_string(), true))
}

/// The fault of a disk that comes most often.
fn full() -> Error {
    Error::new(ErrorKind::StorageFull, watch::INJECTED)
}
