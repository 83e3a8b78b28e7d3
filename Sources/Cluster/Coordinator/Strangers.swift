import Foundation
import Logging
import Sweep
import ZeroMQ

/// How a coordinator on TCP keeps strangers out.
extension Coordinator {
    /// Says who gets in. Whoever doesn't is counted, and the first one logged.
    mutating func guardEntrance() throws {
        for address in try gatekeeper?.answer() ?? [] {
            desk.note(stranger: "a key that is not of this run, from \(address)")
        }
        for event in try socket.connectionEvents() {
            switch event {
            case .incompatible:
                desk.note(stranger: "what isn't the protocol, or not for this run's key")
            // The gatekeeper tells the first, with its address. A scan or a cut harms nobody, and the rest
            // happens with every worker.
            case .unauthorised, .abandoned, .established, .lost, .unanswered: continue
            }
        }
    }
}

extension Desk {
    /// Somebody was turned away at the door.
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
