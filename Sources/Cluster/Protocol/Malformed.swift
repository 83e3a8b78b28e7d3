/// Bytes that no worker or coordinator of this version would send.
package struct Malformed: Error, Hashable, CustomStringConvertible {
    package var description: String
}
