import Cluster
import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and its kin, as a bell that a loop listens for. A second one ends the process at once.
final class Interruption {
    let doorbell: Doorbell
    private static let hasRung = Atomic(false)
    private let sources: [any DispatchSourceSignal]

    /// - Throws: `SystemError` if the process has no descriptor left.
    init(_ signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]) throws {
        let doorbell = try Doorbell()
        self.doorbell = doorbell
        sources = signals.map { signal in
            // Without this the signal would end the process before the source hears of it.
            Foundation.signal(signal, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
            source.setEventHandler {
                let (isFirst, _) = Self.hasRung.compareExchange(
                    expected: false, desired: true, ordering: .relaxed)
                if !isFirst { _exit(ExitStatus.interrupted.rawValue) }
                doorbell.ring()
            }
            source.resume()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }
}
