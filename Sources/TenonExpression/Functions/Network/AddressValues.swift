internal import TenonModel

/// An IP address as a value of an expression.
final class AddressValue: CustomValue {
    let address: IPAddress
    init(_ address: IPAddress) { self.address = address }

    var typeName: String { "net.IP" }
    var text: String { address.description }

    /// Version 4 inside of version 6 is the same address.
    func isEqual(to other: any CustomValue) -> Bool {
        (other as? AddressValue).map { $0.address.unmapped == address.unmapped } ?? false
    }
}

/// A range of addresses as a value of an expression.
final class NetworkValue: CustomValue {
    let network: IPNetwork
    init(_ network: IPNetwork) { self.network = network }

    var typeName: String { "net.CIDR" }
    var text: String { network.description }

    func isEqual(to other: any CustomValue) -> Bool { (other as? NetworkValue)?.network == network }
}
