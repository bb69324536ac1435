package import TenonModel

/// The secrets that an execution may give to connectors.
package struct GivenSecrets: Sendable {
    package var values: [String: String] = [:]
    /// Takes them, and the values that they had not long before, out of whatever comes back.
    package var mask = SecretMask.none

    package init() {}

    /// Those of some names, as far as they are there.
    package init(_ names: [String], of values: SecretValues, mask: SecretMask) {
        for name in names { self.values[name] = values.current[name] }
        self.mask = mask
    }
}
