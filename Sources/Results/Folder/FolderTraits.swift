import Foundation

/// What the file system of a results folder can do. Home folders and scratch of clusters are often such
/// that a store's usual write-ahead log would fail there, or be no store at all on two machines.
struct FolderTraits: Hashable {
    /// On which other machines may write too.
    var isShared = false
    /// Locks of SQLite's kind.
    var hasLocks = true
    /// Memory that processes share by mapping a file.
    var hasSharedMemory = true

    /// Whether a write-ahead log works there.
    var carriesLog: Bool { !isShared && hasLocks && hasSharedMemory }

    /// As the kernel names them; those that a process serves begin with `fuse`.
    private static let sharedTypes: Set<Substring> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "gpfs", "beegfs", "ceph", "afs", "ocfs2",
        "gfs2",
        "9p", "orangefs", "pvfs2", "panfs", "wekafs",
    ]

    /// All that is usual.
    init() {}

    /// - Parameter descriptor: of a file in the folder, open for reading and writing if that can be.
    init(of descriptor: CInt) {
        let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        var status = stat()
        if fstat(descriptor, &status) == 0,
            let type = Self.type(ofDevice: UInt64(status.st_dev), mounts: mounts)
        {
            isShared = Self.sharedTypes.contains(type) || type.hasPrefix("fuse")
        }
        var question = flock()
        question.l_type = Int16(F_RDLCK)
        question.l_whence = Int16(SEEK_SET)
        hasLocks = fcntl(descriptor, F_GETLK, &question) == 0 || !Self.lacksLocks(errno)
        let isWritable = fcntl(descriptor, F_GETFL) & O_ACCMODE == O_RDWR
        let page = mmap(
            nil, Int(sysconf(CInt(_SC_PAGESIZE))), isWritable ? PROT_READ | PROT_WRITE : PROT_READ,
            MAP_SHARED, descriptor, 0)
        hasSharedMemory = page != MAP_FAILED
        if let page, page != MAP_FAILED { munmap(page, Int(sysconf(CInt(_SC_PAGESIZE)))) }
    }

    /// - Parameters:
    ///   - device: as stat(2) gives it.
    ///   - mounts: what `/proc/self/mountinfo` says.
    /// - Returns: the type of file system; nil where it isn't known.
    static func type(ofDevice device: UInt64, mounts: String) -> Substring? {
        let major = device >> 8 & 0xfff | device >> 32 & ~0xfff
        let minor = device & 0xff | device >> 12 & ~0xff
        let line = mounts.split(separator: "\n").last { line in
            line.split(separator: " ").dropFirst(2).first == "\(major):\(minor)"
        }
        // Optional fields end with a dash, which the type follows.
        return line?.split(separator: " ").drop { $0 != "-" }.dropFirst().first
    }

    /// Whether a lock's refusal says that there are none here, rather than that somebody has it.
    static func lacksLocks(_ code: CInt) -> Bool {
        [ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL].contains(code)
    }
}
