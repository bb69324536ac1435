internal import CPlatform

/// The process that hosts instances.
package enum HostProcess {
    /// Keeps other processes of the same user, cells among them, from tracing the host and from reading the
    /// secrets in its memory. False where the system refuses.
    @discardableResult
    package static func forbidTracing() -> Bool { tp_forbid_tracing() == 0 }
}
