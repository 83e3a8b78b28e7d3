import Foundation

/// What a parent may have left to this process in a state in which nothing works as one expects.
enum Inheritance {
    /// Called before anything else.
    static func settle() {
        openStandardStreams()
        // SIGPIPE is ignored: a reader may go, and the write says so by an error.
        signal(SIGPIPE, SIG_IGN)
        unblockSignals()
    }

    /// Of closed ones, as after `2>&-`, the numbers would be given to the next files that are opened, and
    /// messages would be written into a lock or a store.
    private static func openStandardStreams() {
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(stream, F_GETFD) == -1 {
            // open() takes the lowest free number, which is the one that is closed.
            _ = open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY)
        }
    }

    /// Programs that start others from a thread of a pool leave them every signal blocked, which would
    /// never be heard then.
    private static func unblockSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
