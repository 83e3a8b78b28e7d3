import Foundation

/// Why there can be no dashboard at an address.
public struct DashboardError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ address: WebAddress, because reason: String) {
        description = "--dashboard \(address): \(reason)"
    }

    /// - Parameter code: an `errno`.
    init(_ address: WebAddress, code: CInt) {
        let remedy =
            switch code {
            case EADDRINUSE: "; give another port, or 0 for a free one"
            case EADDRNOTAVAIL: "; give an address of this machine"
            case EACCES: "; give a port from 1024 on"
            default: ""
            }
        self.init(address, because: String(cString: strerror(code)) + remedy)
    }
}
