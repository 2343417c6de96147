//! One writer at a time.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::lease::Lease;
use super::lock_names::LOCK;
use crate::error::{EngineError, Result};
use crate::location::Location;

/// How long somebody who only looks whether the lock is held may be in the way.
const LOOKING: Duration = Duration::from_secs(1);
/// How often a writer that waits tries again.
const AGAIN: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(1000)];

/// Held while a transaction is open. In a folder it is a lock of the operating system, which
/// ends with the process, however it ends; in an object store it is a lease that must be kept up.
pub(super) enum WriteLock {
    /// The open file is the lock.
    File(#[allow(dead_code, reason = "closing the file frees the lock")] File),
    Lease(Lease),
}

impl WriteLock {
    /// Takes the lock. When somebody holds it, tries again for as long as `wait`, then fails.
    pub async fn take(lake: &Location, wait: Duration) -> Result<Self> {
        let started = Instant::now();
        let [mut pause, longest] = AGAIN;
        loop {
            let taken = match lake.as_folder() {
                Some(folder) => lock_folder(folder).await.map(Self::File),
                None => Lease::take(lake).await.map(Self::Lease),
            };
            let left = wait.saturating_sub(started.elapsed());
            if left.is_zero() || !matches!(taken, Err(EngineError::Locked { .. })) {
                return taken;
            }
            tokio::time::sleep(pause.min(left)).await;
            pause = (pause * 2).min(longest);
        }
    }

    /// Fails when the lock was lost, which can happen to a lease.
    pub async fn confirm(&self) -> Result<()> {
        match self {
            Self::File(_) => Ok(()),
            Self::Lease(lease) => lease.renew().await,
        }
    }

    /// Whether it was taken from a writer that was taken for dead, which may yet wake up.
    pub fn was_taken_over(&self) -> bool {
        matches!(self, Self::Lease(lease) if lease.was_taken_over())
    }
}

/// Whether somebody holds the lock of a lake.
pub(super) async fn is_held(lake: &Location) -> Result<bool> {
    let Some(folder) = lake.as_folder() else { return Lease::is_held(lake).await };
    let path = folder.join(LOCK);
    match File::open(&path) {
        // Writers know a shared lock for somebody who only looks.
        Ok(file) => Ok(matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(EngineError::io(path.display().to_string(), &error)),
    }
}

async fn lock_folder(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let at = || path.display().to_string();
    let failed = |error: &std::io::Error| EngineError::io(at(), error);
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|error| failed(&error))?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(error)) => return Err(failed(&error)),
            // A writer does not share the lock; who only looks does, and is gone in a moment.
            Err(TryLockError::WouldBlock) if is_only_looked_at(&file) && started.elapsed() < LOOKING => {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            Err(TryLockError::WouldBlock) => return Err(locked(folder, &mut file)),
        }
    }
    let text = format!("process {}\n", std::process::id());
    file.set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| file.write_all(text.as_bytes()))
        .map_err(|error| failed(&error))?;
    Ok(file)
}

fn is_only_looked_at(file: &File) -> bool {
    let shares = file.try_lock_shared().is_ok();
    if shares {
        file.unlock().ok();
    }
    shares
}

fn locked(folder: &Path, file: &mut File) -> EngineError {
    let mut by = String::new();
    // What the holder wrote is only for the message.
    file.read_to_string(&mut by).ok();
    EngineError::Locked {
        at: folder.display().to_string(),
        by: if by.is_empty() { "another program".into() } else { by.trim().to_owned() },
    }
}
