internal import TenonModel

extension FunctionTable {
    /// IP addresses and ranges of them.
    static let network: [FunctionDefinition] = addresses + ranges

    private static let addresses: [FunctionDefinition] = [
        .typed("ip", .global, 1...1) { (context, arguments) throws(TenonError) in
            .custom(AddressValue(try context.address(arguments.text(0))))
        },
        .typed("isIP", .global, 1...1) { (_, arguments) throws(TenonError) in
            .bool(IPAddress(try arguments.text(0)) != nil)
        },
        .typed("ip.isCanonical", .global, 1...1) { (context, arguments) throws(TenonError) in
            let text = try arguments.text(0)
            return .bool(try context.address(text).description == text)
        },
        ofAddress("family") { .int(Int64($0.family.rawValue)) },
        ofAddress("isUnspecified") { .bool($0.isUnspecified) },
        ofAddress("isLoopback") { .bool($0.isLoopback) },
        ofAddress("isGlobalUnicast") { .bool($0.isGlobalUnicast) },
        ofAddress("isLinkLocalMulticast") { .bool($0.isLinkLocalMulticast) },
        ofAddress("isLinkLocalUnicast") { .bool($0.isLinkLocalUnicast) },
    ]

    private static let ranges: [FunctionDefinition] = [
        .typed("cidr", .global, 1...1) { (context, arguments) throws(TenonError) in
            .custom(NetworkValue(try context.network(arguments.text(0))))
        },
        .typed("isCIDR", .global, 1...1) { (_, arguments) throws(TenonError) in
            .bool(IPNetwork(try arguments.text(0)) != nil)
        },
        ofNetwork("ip") { .custom(AddressValue($0.address)) },
        ofNetwork("masked") { .custom(NetworkValue($0.masked)) },
        ofNetwork("prefixLength") { .int(Int64($0.prefixLength)) },
        .binary("containsIP", .method) { (context, owner, value) throws(TenonError) in
            guard let network = owner.network else { throw context.mismatch(owner, value) }
            if case .string(let text) = value { return .bool(network.contains(try context.address(text))) }
            guard let address = value.address else { throw context.mismatch(owner, value) }
            return .bool(network.contains(address))
        },
        .binary("containsCIDR", .method) { (context, owner, value) throws(TenonError) in
            guard let network = owner.network else { throw context.mismatch(owner, value) }
            if case .string(let text) = value { return .bool(network.contains(try context.network(text))) }
            guard let other = value.network else { throw context.mismatch(owner, value) }
            return .bool(network.contains(other))
        },
    ]

    private static func ofAddress(
        _ name: String, _ body: @escaping @Sendable (IPAddress) -> Value
    ) -> FunctionDefinition {
        .unary(name, .method) { (context, value) throws(TenonError) in
            guard let address = value.address else { throw context.mismatch(value) }
            return body(address)
        }
    }

    private static func ofNetwork(
        _ name: String, _ body: @escaping @Sendable (IPNetwork) -> Value
    ) -> FunctionDefinition {
        .unary(name, .method) { (context, value) throws(TenonError) in
            guard let network = value.network else { throw context.mismatch(value) }
            return body(network)
        }
    }
}

extension Value {
    fileprivate var address: IPAddress? {
        if case .custom(let value) = self { (value as? AddressValue)?.address } else { nil }
    }

    fileprivate var network: IPNetwork? {
        if case .custom(let value) = self { (value as? NetworkValue)?.network } else { nil }
    }
}

extension CallContext {
    fileprivate func address(_ text: String) throws(TenonError) -> IPAddress {
        if let address = IPAddress(text) { return address }
        throw mistake("\(Value.quoted(text)) is no IP address")
    }

    fileprivate func network(_ text: String) throws(TenonError) -> IPNetwork {
        if let network = IPNetwork(text) { return network }
        throw mistake("\(Value.quoted(text)) is no range of IP addresses such as 10.0.0.0/8")
    }
}
