import COpenBLAS
import Glibc
import Synchronization

/// Sets how many threads BLAS calls use, and their verification, in this process as a whole.
public func setBLASThreads(_ count: Int) {
    openblas_set_num_threads(Int32(count))
    threadsOfVerification.store(count, ordering: .relaxed)
}

private let threadsOfVerification = Atomic(1)

var blasThreads: Int { threadsOfVerification.load(ordering: .relaxed) }

/// The library, its version, and the kernels that it chose for this processor or that
/// `OPENBLAS_CORETYPE` names: `OpenBLAS 0.3.21 SkylakeX`.
public func blasName() -> String {
    // Only name and version: the words after them say how the library was built.
    let library = String(cString: openblas_get_config()).split(separator: " ").prefix(2)
    return (library + [Substring(cString: openblas_get_corename())]).joined(separator: " ")
}

/// How long OpenBLAS' threads wait for the next call on a busy processor before they sleep.
///
/// By default they wait for 2^26 cycles, some 25 ms, and so take the processor from kdsweep's own threads
/// between the calls: that costs a tenth of a solve, and half of the infinite kernel. 2^16 cycles are
/// still longer than the pauses within a factorisation.
public enum BLASPatience {
    private static let variable = "OPENBLAS_THREAD_TIMEOUT"
    private static let logarithmOfCycles = "16"

    /// Bounds the wait in processes that are started from now on. A user's own setting stays.
    public static func boundInChildren() { setenv(variable, logarithmOfCycles, 0) }

    /// Bounds the wait in this process. OpenBLAS reads the setting only when it is loaded, so the process
    /// starts itself anew with the same arguments; if that was done before, or fails, this returns. Called
    /// before anything else.
    public static func bound() {
        guard getenv(variable) == nil else { return }
        boundInChildren()
        // By the real path, since the process is then listed under that file's name.
        guard let path = realpath("/proc/self/exe", nil) else { return }
        execv(path, CommandLine.unsafeArgv)
        free(path)
    }
}
