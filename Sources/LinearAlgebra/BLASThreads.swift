import COpenBLAS
import Glibc

/// How many threads BLAS calls use, in this process as a whole.
public func setBLASThreads(_ count: Int) { openblas_set_num_threads(Int32(count)) }

/// The library, its version, and the kernels that it chose for this processor or that
/// `OPENBLAS_CORETYPE` names: `OpenBLAS 0.3.21 SkylakeX`.
public func blasName() -> String {
    // What follows the version is how the library was built.
    let library = String(cString: openblas_get_config()).split(separator: " ").prefix(2)
    return (library + [Substring(cString: openblas_get_corename())]).joined(separator: " ")
}

/// How long OpenBLAS' threads wait for the next call on a busy processor before they sleep.
///
/// By its default they do so for 2^26 cycles, some 25 ms, which takes the processor from our own
/// threads between the calls: a tenth of a solve, and half of the infinite kernel. 2^16 cycles still
/// span the pauses within a factorisation.
public enum BLASPatience {
    private static let variable = "OPENBLAS_THREAD_TIMEOUT"
    private static let logarithmOfCycles = "16"

    /// For processes that are started from now on. A user's own setting stays.
    public static func boundInChildren() { setenv(variable, logarithmOfCycles, 0) }

    /// For this process, which starts itself anew with the same arguments, as OpenBLAS asks when it is
    /// loaded; returns if that has been done before, or can't be. Called before anything else.
    public static func bound() {
        guard getenv(variable) == nil else { return }
        boundInChildren()
        // By its own path, whose name is then what the process is called.
        guard let path = realpath("/proc/self/exe", nil) else { return }
        execv(path, CommandLine.unsafeArgv)
        free(path)
    }
}
