//! This is what has been done already: shards, the manifest that lists them, and the lock on the folder.

pub mod lock;
pub mod manifest;
pub mod shard;
