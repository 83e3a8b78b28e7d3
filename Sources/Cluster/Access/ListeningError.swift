import Foundation
import ZeroMQ

extension ZeroMQError {
    /// The error as a user is told it: why the endpoint can't be bound, and what to do.
    func explained(at endpoint: String) -> any Error {
        switch self {
        case .failed(_, code: Self.addressInUse):
            AccessError(
                description: "\(endpoint): the port is taken by another program on this machine; "
                    + "free it, or choose another with --listen tcp://*:PORT")
        case .failed(_, code: Self.noSuchAddress), .failed(_, code: Self.noSuchDevice):
            AccessError(
                description: "\(endpoint) is no address of this machine; listen on one that is, "
                    + "or on all with tcp://*:PORT")
        case .failed(_, code: Self.notPermitted):
            AccessError(
                description:
                    "\(endpoint): this user may not listen there; choose a port of 1024 or more")
        case .failed, .unroutable, .unencrypted: self
        }
    }

    private static let addressInUse = EADDRINUSE
    private static let noSuchAddress = EADDRNOTAVAIL
    private static let noSuchDevice = ENODEV
    private static let notPermitted = EACCES
}
