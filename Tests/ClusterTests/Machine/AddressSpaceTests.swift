import Testing

@testable import Cluster

@Suite struct AddressSpaceTests {
    @Test("The limit of the address space leaves what isn't mapped, and the program")
    func addressSpace() {
        #expect(AddressSpace(limit: nil, mapped: 5).available == nil)
        #expect(
            AddressSpace(limit: 4 << 30, mapped: 1 << 30).available == (3 << 30) - (128 << 20)
                + 100_000_000)
        #expect(AddressSpace(limit: 1 << 20, mapped: 1 << 30).available == 100_000_000)
    }
}
