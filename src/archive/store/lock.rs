//! This is the lock on an output folder: two runs at once are refused.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// Holds the folder until dropped; the system lets go of it when the process ends, however that happens.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code, reason = "held, never read")] File);

/// Why a folder could not be locked.
#[derive(Debug)]
pub enum LockError {
    /// Another run has it.
    Taken,
    /// The system gave an error.
    Io(io::Error),
}

impl Lock {
    /// Locks a file, which is made where it is missing.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn take(path: &Path) -> Result<Self, LockError> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(LockError::Io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(LockError::Taken),
            Err(TryLockError::Error(error)) => Err(LockError::Io(error)),
        }
    }
}
