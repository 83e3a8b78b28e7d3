import Foundation

/// What the file system of a results folder can do. On the home and scratch folders of many clusters a
/// store's usual write-ahead log would fail, or be damaged by two machines that use it.
struct FolderTraits: Hashable {
    /// Whether other machines may write to it too.
    var isShared = false
    /// Whether it has locks of the kind that SQLite uses.
    var hasLocks = true
    /// Whether processes can share memory by mapping a file.
    var hasSharedMemory = true

    /// Whether a write-ahead log works there.
    var carriesLog: Bool { !isShared && hasLocks && hasSharedMemory }

    /// The kernel's names of file systems that machines share. Besides, the names of those that a process
    /// serves begin with `fuse`.
    private static let sharedTypes: Set<Substring> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "gpfs", "beegfs", "ceph", "afs", "ocfs2",
        "gfs2",
        "9p", "orangefs", "pvfs2", "panfs", "wekafs",
    ]

    /// The traits of a local disk.
    init() {}

    /// - Parameter descriptor: of a file in the folder, opened for reading and writing if possible.
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
    /// - Returns: the type of file system; nil if it isn't known.
    static func type(ofDevice device: UInt64, mounts: String) -> Substring? {
        let major = device >> 8 & 0xfff | device >> 32 & ~0xfff
        let minor = device & 0xff | device >> 12 & ~0xff
        let line = mounts.split(separator: "\n").last { line in
            line.split(separator: " ").dropFirst(2).first == "\(major):\(minor)"
        }
        // The type is the field after the dash that ends the optional fields.
        return line?.split(separator: " ").drop { $0 != "-" }.dropFirst().first
    }

    /// Whether an error of a lock means that the file system has no locks, not that another process has it.
    static func lacksLocks(_ code: CInt) -> Bool {
        [ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL].contains(code)
    }
}
