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
            // Told by the gatekeeper, with its address; a scan or a cut, which harms nobody; the
            // way of all workers.
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

enum Entrance {
    /// What a user can do about an endpoint that can't be bound.
    static func explanation(of error: ZeroMQError, at endpoint: String) -> any Error {
        switch error {
        case .failed(_, code: Self.addressInUse):
            AccessError(
                description: "\(endpoint): the port is taken by another program on this machine; "
                    + "free it, or choose another with --listen tcp://*:PORT")
        case .failed(_, code: Self.noSuchAddress), .failed(_, code: Self.noSuchDevice):
            AccessError(
                description: "\(endpoint) is no address of this machine; listen on one of its own, "
                    + "or on all with tcp://*:PORT")
        case .failed(_, code: Self.notPermitted):
            AccessError(
                description: "\(endpoint): this user may not listen there; choose a port from 1024")
        case .failed, .unroutable, .unencrypted: error
        }
    }

    private static let addressInUse = EADDRINUSE
    private static let noSuchAddress = EADDRNOTAVAIL
    private static let noSuchDevice = ENODEV
    private static let notPermitted = EACCES
}

extension Identity {
    func gatekeeper(in context: Context) throws -> Gatekeeper {
        try Gatekeeper(in: context, admitting: [workers.publicKey])
    }
}

extension Sweep {
    /// No report of a worker is longer, in bytes: neither a block's rows, the reasons of failed
    /// ones among them, nor a list of all tasks.
    var longestReport: Int {
        let cells = blockCount > 0 ? block(0).places.count : 0
        // Of a number below 2^63, and as often as a heartbeat or a hello may name each task.
        let (numberSize, mentions) = (10, 2)
        return (1 << 20) + cells * (8 * metrics.count + 1000)
            + numberSize * mentions * tasks.count
    }
}
