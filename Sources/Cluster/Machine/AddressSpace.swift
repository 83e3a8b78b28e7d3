import Foundation

/// The memory that a process may map: some batch systems limit it, as `ulimit -v` does.
struct AddressSpace: Hashable {
    /// Bytes; nil if there is no limit.
    var limit: UInt64?
    /// Bytes that are mapped already: code, libraries, BLAS' buffers and stacks, used or not.
    var mapped: UInt64

    /// Bytes that the allocator and the solver's threads map beyond the matrices.
    private static let reserve: UInt64 = 128 << 20
    /// The bytes that a task's memory need includes for the program itself, which is mapped already.
    private static let program: UInt64 = 100_000_000

    static var current: AddressSpace {
        var bounds = rlimit()
        let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &bounds) == 0
        let isBounded = isKnown && bounds.rlim_cur != rlim_t.max
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
            .split(separator: " ").first.flatMap { UInt64($0) }
        return AddressSpace(
            limit: isBounded ? UInt64(bounds.rlim_cur) : nil,
            mapped: (pages ?? 0) * UInt64(sysconf(CInt(_SC_PAGESIZE))))
    }

    /// Bytes that a task may need, the program itself included; nil if there is no limit.
    var available: UInt64? {
        guard let limit else { return nil }
        let taken = mapped + Self.reserve
        return Self.program + (limit > taken ? limit - taken : 0)
    }
}
