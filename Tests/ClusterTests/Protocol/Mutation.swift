import Seeded

extension SeededGenerator {
    /// Bytes changed, dropped, inserted, doubled and cut off, in up to four places.
    mutating func mutation(of bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            guard !bytes.isEmpty else { return bytes }
            let index = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<6, using: &self) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 1: bytes[index] = .random(in: 0 ... .max, using: &self)
            case 2: bytes.remove(at: index)
            case 3: bytes.insert(.random(in: 0 ... .max, using: &self), at: index)
            case 4: bytes.append(contentsOf: bytes[index...].prefix(16))
            default: bytes.removeLast(bytes.count - index)
            }
        }
        return bytes
    }

    /// One of the frames as it is, or changed; or bytes that never were a frame.
    mutating func frame(like frames: [[UInt8]]) -> [UInt8] {
        switch Int.random(in: 0..<20, using: &self) {
        case 0..<4: return frames.randomElement(using: &self)!
        case 4..<18: return mutation(of: frames.randomElement(using: &self)!)
        default:
            return (0..<Int.random(in: 0..<64, using: &self)).map { _ in
                .random(in: 0 ... .max, using: &self)
            }
        }
    }
}
