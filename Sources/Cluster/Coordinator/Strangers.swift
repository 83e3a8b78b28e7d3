import Foundation
import Logging
import Sweep
import ZeroMQ

/// How a coordinator on TCP keeps strangers out.
extension Coordinator {
    /// Answers which connections get in. Those that don't are counted, and the first is logged.
    mutating func guardEntrance() throws {
        for address in try gatekeeper?.answer() ?? [] {
            desk.note(stranger: "a key that is not of this run, from \(address)")
        }
        for event in try socket.connectionEvents() {
            switch event {
            case .incompatible:
                desk.note(stranger: "it doesn't speak the protocol, or not with this run's key")
            // The gatekeeper has told of those without a key, with their address. A connection that is
            // abandoned may be a port scan, which does no harm, and the others happen with every worker.
            case .unauthorised, .abandoned, .established, .lost, .unanswered: continue
            }
        }
    }
}

extension Desk {
    /// A connection was turned away.
    mutating func note(stranger: String) {
        tally.strangers += 1
        if tally.strangers == 1 {
            log.warning("a stranger at the port was turned away: \(stranger)")
        } else {
            log.debug("a stranger was turned away: \(stranger)")
        }
    }
}

extension Identity {
    func gatekeeper(in context: Context) throws -> Gatekeeper {
        try Gatekeeper(in: context, admitting: [workers.publicKey])
    }
}
