import Foundation

/// The machine's own name for itself, asked of the kernel: `ProcessInfo` asks a name server, which can take
/// seconds.
package let hostName: String = {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}()

/// The host as it is written before a port: an IPv6 address, which has colons, goes into brackets.
package func inBrackets(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
