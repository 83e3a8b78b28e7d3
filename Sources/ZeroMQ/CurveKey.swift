import CZeroMQ

/// Half of a CURVE key pair: 32 bytes, written as 40 characters of Z85.
public struct CurveKey: Hashable, Sendable, CustomStringConvertible {
    let bytes: [UInt8]

    static let byteCount = 32
    static let textLength = 40

    /// Nil unless the text is a key.
    public init?(_ text: String) {
        guard text.utf8.count == Self.textLength else { return nil }
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        guard zmq_z85_decode(&bytes, text) != nil else { return nil }
        self.bytes = bytes
    }

    public var description: String {
        var text = [CChar](repeating: 0, count: Self.textLength + 1)
        precondition(
            zmq_z85_encode(&text, bytes, bytes.count) != nil, "32 bytes are a multiple of 4")
        return String(decoding: text.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// A key pair: a peer shows its public key, and proves to own the secret one.
public struct CurveKeyPair: Hashable, Sendable {
    public let publicKey: CurveKey
    public let secretKey: CurveKey

    /// A new pair, from the system's random numbers.
    ///
    /// - Throws: if libzmq was built without CURVE.
    public static func random() throws(ZeroMQError) -> CurveKeyPair {
        var publicText = [CChar](repeating: 0, count: CurveKey.textLength + 1)
        var secretText = publicText
        _ = try checked("make a key pair") { zmq_curve_keypair(&publicText, &secretText) }
        return CurveKeyPair(
            publicKey: CurveKey(text: publicText), secretKey: CurveKey(text: secretText))
    }

    /// The pair whose secret half is `secretKey`.
    ///
    /// - Throws: if libzmq was built without CURVE.
    public init(secretKey: CurveKey) throws(ZeroMQError) {
        var publicText = [CChar](repeating: 0, count: CurveKey.textLength + 1)
        _ = try checked("derive a public key") {
            zmq_curve_public(&publicText, secretKey.description)
        }
        self.init(publicKey: CurveKey(text: publicText), secretKey: secretKey)
    }

    private init(publicKey: CurveKey, secretKey: CurveKey) {
        self.publicKey = publicKey
        self.secretKey = secretKey
    }
}

extension CurveKey {
    /// A key as libzmq writes it, with the zero byte at its end.
    fileprivate init(text: [CChar]) {
        let characters = text.dropLast().map(UInt8.init(bitPattern:))
        guard let key = CurveKey(String(decoding: characters, as: UTF8.self)) else {
            preconditionFailure("libzmq writes keys that it reads")
        }
        self = key
    }
}
