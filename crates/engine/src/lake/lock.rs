//! One writer at a time.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::lease::Lease;
use crate::error::{EngineError, Result};
use crate::location::Location;

pub(super) const NAME: &str = "_lock";

/// Held while a transaction is open. In a folder it is a lock of the operating system, which
/// ends with the process, however it ends; in an object store it is a lease that must be kept up.
pub(super) enum WriteLock {
    /// The open file is the lock.
    File(#[allow(dead_code, reason = "closing the file frees the lock")] File),
    Lease(Lease),
}

impl WriteLock {
    /// Takes the lock, or fails at once when somebody holds it.
    pub async fn take(lake: &Location) -> Result<Self> {
        match lake.as_folder() {
            Some(folder) => lock_folder(folder).map(Self::File),
            None => Ok(Self::Lease(Lease::take(lake).await?)),
        }
    }

    /// Fails when the lock was lost, which can happen to a lease.
    pub async fn confirm(&self) -> Result<()> {
        match self {
            Self::File(_) => Ok(()),
            Self::Lease(lease) => lease.renew().await,
        }
    }
}

/// Whether somebody holds the lock of a lake.
pub(super) async fn is_held(lake: &Location) -> Result<bool> {
    let Some(folder) = lake.as_folder() else { return Lease::is_held(lake).await };
    let path = folder.join(NAME);
    match File::open(&path) {
        // A shared lock keeps nobody out for longer than this moment.
        Ok(file) => Ok(matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(EngineError::io(path.display().to_string(), &error)),
    }
}

fn lock_folder(folder: &Path) -> Result<File> {
    let path = folder.join(NAME);
    let at = || path.display().to_string();
    let failed = |error: &std::io::Error| EngineError::io(at(), error);
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|error| failed(&error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::Error(error)) => return Err(failed(&error)),
        Err(TryLockError::WouldBlock) => {
            let mut by = String::new();
            // What the holder wrote is only for the message.
            file.read_to_string(&mut by).ok();
            return Err(EngineError::Locked {
                at: folder.display().to_string(),
                by: if by.is_empty() { "another program".into() } else { by.trim().to_owned() },
            });
        }
    }
    let text = format!("process {}\n", std::process::id());
    file.set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| file.write_all(text.as_bytes()))
        .map_err(|error| failed(&error))?;
    Ok(file)
}
