enum ExitStatus: Int32, Error {
    /// Some cells failed, or the run could not go on.
    case failed = 1
    /// The sweep file or an argument was refused, before anything was computed.
    case refused = 2
    /// Interrupted; the same code as a shell's for a process that SIGINT ended.
    case interrupted = 130
}
