//! What systems do differently, by what it is for. On Linux all of it is there. macOS lacks some, and says so below;
//! elsewhere (Windows) the program is compiled, and does what is said at each part, but is not tried.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

pub use system::{
    Folder, Identity, for_its_owner, how_it_ended, is_on_same_disk, limit_this_process, standard_input,
};

/// How a process ended that was limited by [`limit_this_process`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// It used all its time.
    OutOfTime,
    /// It used all its memory.
    OutOfMemory,
    /// On its own, or by a fault.
    Otherwise,
}

/// What becomes of the wish to lock a folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lock {
    /// It is locked until it is dropped, or the process ends.
    Taken,
    /// Another process holds the lock.
    Busy,
    /// The file system does not lock folders.
    None,
}

/// The file of this program, to be run again.
pub fn own_program() -> io::Result<PathBuf> {
    match cfg!(target_os = "linux") {
        // True also when the program's file was replaced meanwhile.
        true => Ok("/proc/self/exe".into()),
        false => std::env::current_exe(),
    }
}

#[cfg(unix)]
mod system {
    use std::ffi::OsStr;
    use std::os::fd::{AsFd, OwnedFd};
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
    use std::os::unix::process::ExitStatusExt;

    use rustix::fs::{FlockOperation, Mode, OFlags, RenameFlags};
    use rustix::io::Errno;
    use rustix::process::{Resource, Rlimit, Signal, setrlimit};

    use super::*;

    /// What tells a file from another one that took its place.
    #[derive(PartialEq, Eq, Clone, Copy, Debug)]
    pub struct Identity {
        /// When it was last written, renamed or given other rights, in seconds and nanoseconds: nobody can set it back.
        touched: (i64, i64),
        inode: u64,
    }

    impl Identity {
        /// That of the file that this is known of.
        pub fn of(metadata: &Metadata) -> Identity {
            Identity { touched: (metadata.ctime(), metadata.ctime_nsec()), inode: metadata.ino() }
        }
    }

    /// Lets a file that is made be read by its owner alone.
    pub fn for_its_owner(options: &mut OpenOptions) -> &mut OpenOptions {
        options.mode(0o600)
    }

    /// Whether two things lie on the same disk. A folder that does not lie on that of the folder around it is a mount
    /// point.
    pub fn is_on_same_disk(one: &Metadata, other: &Metadata) -> bool {
        one.dev() == other.dev()
    }

    /// The standard input, without what was read ahead of it.
    pub fn standard_input() -> io::Result<File> {
        Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
    }

    /// Lets this process use so many bytes of memory and so many seconds of the processor and no more. A limit that the
    /// system does not take is left out (macOS takes none for memory; a stricter one may be in force already): whoever
    /// started the process ends it after a while.
    pub fn limit_this_process(bytes: u64, seconds: u64) {
        for (resource, most) in [(Resource::As, bytes), (Resource::Cpu, seconds), (Resource::Core, 0)] {
            let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
        }
    }

    /// How a process ended.
    pub fn how_it_ended(status: ExitStatus) -> Ended {
        let is = |signal: Signal| status.signal() == Some(signal.as_raw());
        if is(Signal::XCPU) || is(Signal::KILL) {
            Ended::OutOfTime
        } else if is(Signal::ABORT) {
            Ended::OutOfMemory
        } else {
            Ended::Otherwise
        }
    }

    fn lock(taken: rustix::io::Result<()>) -> io::Result<Lock> {
        match taken {
            Ok(()) => Ok(Lock::Taken),
            Err(Errno::WOULDBLOCK) => Ok(Lock::Busy),
            Err(Errno::BADF | Errno::INVAL | Errno::NOLCK | Errno::NOSYS | Errno::OPNOTSUPP) => {
                Ok(Lock::None)
            }
            Err(errno) => Err(errno.into()),
        }
    }

    /// A folder that stays the same one, however it is renamed.
    #[derive(Debug)]
    pub struct Folder(OwnedFd);

    impl Folder {
        /// Opens a folder.
        pub fn open(path: &Path) -> io::Result<Folder> {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            Ok(Folder(rustix::fs::open(path, flags, Mode::empty())?))
        }

        /// Locks it until it is dropped, or the process ends. Calls `waiting` once if another process holds the lock, and
        /// then waits. False where the file system does not lock folders (NFS).
        pub fn lock(&self, waiting: impl FnOnce()) -> io::Result<bool> {
            match self.try_lock()? {
                Lock::Taken => return Ok(true),
                Lock::None => return Ok(false),
                Lock::Busy => waiting(),
            }
            loop {
                match rustix::fs::flock(&self.0, FlockOperation::LockExclusive) {
                    Err(Errno::INTR) => {}
                    taken => return Ok(lock(taken)? == Lock::Taken),
                }
            }
        }

        /// Locks it as [`Folder::lock`] does, without waiting.
        pub fn try_lock(&self) -> io::Result<Lock> {
            lock(rustix::fs::flock(&self.0, FlockOperation::NonBlockingLockExclusive))
        }

        /// Gives something in it another name.
        pub fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
            Ok(rustix::fs::renameat(&self.0, from, &self.0, to)?)
        }

        /// Lets two folders in it change places at once. [`io::ErrorKind::Unsupported`] where the file system cannot do
        /// that.
        pub fn exchange(&self, one: &OsStr, other: &OsStr) -> io::Result<()> {
            match rustix::fs::renameat_with(&self.0, one, &self.0, other, RenameFlags::EXCHANGE) {
                Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Err(io::ErrorKind::Unsupported.into()),
                exchanged => Ok(exchanged?),
            }
        }

        /// Brings everything that was written on its disk to it: one call for all files. Each by itself takes 20 times
        /// as long. Open the folder before the first file is written, so that no failed writing escapes.
        pub fn sync_disk(&self) -> io::Result<()> {
            #[cfg(target_os = "linux")]
            rustix::fs::syncfs(&self.0)?;
            #[cfg(not(target_os = "linux"))]
            rustix::fs::sync();
            Ok(())
        }

        /// Brings the names in it to the disk.
        pub fn sync_names(&self) -> io::Result<()> {
            match rustix::fs::fsync(&self.0) {
                // Some file systems have no such thing for folders.
                Err(Errno::INVAL | Errno::OPNOTSUPP | Errno::BADF) => Ok(()),
                synced => Ok(synced?),
            }
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::ffi::OsStr;

    use super::*;

    /// What tells a file from another one that took its place: when it was made, where that is known.
    #[derive(PartialEq, Eq, Clone, Copy, Debug)]
    pub struct Identity(Option<std::time::SystemTime>);

    impl Identity {
        /// That of the file that this is known of.
        pub fn of(metadata: &Metadata) -> Identity {
            Identity(metadata.created().ok())
        }
    }

    /// Who may read a new file is what the folder around it says.
    pub fn for_its_owner(options: &mut OpenOptions) -> &mut OpenOptions {
        options
    }

    /// Mount points are not told from folders; the system refuses to rename them.
    pub fn is_on_same_disk(_: &Metadata, _: &Metadata) -> bool {
        true
    }

    /// The standard input, without what was read ahead of it.
    #[cfg(windows)]
    pub fn standard_input() -> io::Result<File> {
        use std::os::windows::io::AsHandle;
        Ok(io::stdin().as_handle().try_clone_to_owned()?.into())
    }

    /// There is none that could be sought in.
    #[cfg(not(windows))]
    pub fn standard_input() -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// There are no limits: whoever started the process ends it after a while.
    pub fn limit_this_process(_: u64, _: u64) {}

    /// A process without limits does not end by them.
    pub fn how_it_ended(_: ExitStatus) -> Ended {
        Ended::Otherwise
    }

    /// A folder, by its path.
    #[derive(Debug)]
    pub struct Folder(PathBuf);

    impl Folder {
        /// Names a folder.
        pub fn open(path: &Path) -> io::Result<Folder> {
            Ok(Folder(path.to_owned()))
        }

        /// Folders are not locked: what a killed run left behind stays until somebody removes it.
        pub fn lock(&self, _: impl FnOnce()) -> io::Result<bool> {
            Ok(false)
        }

        /// Folders are not locked.
        pub fn try_lock(&self) -> io::Result<Lock> {
            Ok(Lock::None)
        }

        /// Gives something in it another name.
        pub fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
            std::fs::rename(self.0.join(from), self.0.join(to))
        }

        /// Folders are not exchanged; two renames do it, with a moment between them in which neither is in place.
        pub fn exchange(&self, _: &OsStr, _: &OsStr) -> io::Result<()> {
            Err(io::ErrorKind::Unsupported.into())
        }

        /// The system writes when it will.
        pub fn sync_disk(&self) -> io::Result<()> {
            Ok(())
        }

        /// The system writes when it will.
        pub fn sync_names(&self) -> io::Result<()> {
            Ok(())
        }
    }
}
