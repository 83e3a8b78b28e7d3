import Foundation

/// Repairs what a parent process may have left in an unusual state: closed streams and blocked signals.
enum Inheritance {
    /// Called before anything else in this process.
    static func settle() {
        openStandardStreams()
        // With SIGPIPE ignored, a write to a reader that has gone fails with an error instead of ending
        // this process.
        signal(SIGPIPE, SIG_IGN)
        unblockSignals()
    }

    /// Opens /dev/null in place of closed streams, as after `2>&-`. Otherwise the next files that are opened
    /// would get their numbers, and messages would be written into a lock or a store.
    private static func openStandardStreams() {
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(stream, F_GETFD) == -1 {
            // open() takes the lowest free number, which is the one that is closed.
            _ = open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY)
        }
    }

    /// A program that starts others from a thread of a pool may leave every signal blocked in them: Ctrl-C
    /// would have no effect.
    private static func unblockSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
