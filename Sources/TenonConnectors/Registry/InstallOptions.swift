/// What an administrator allows for one installation.
package struct InstallOptions: Sendable {
    /// Takes a package that nobody signed.
    package var allowUnsigned: Bool
    /// Lists the library among those that may run in the host.
    package var inHost: Bool
    /// Takes a version below one that is installed.
    package var allowDowngrade: Bool
    /// Who installs, for the audit log.
    package var actor: String

    package init(
        allowUnsigned: Bool = false, inHost: Bool = false, allowDowngrade: Bool = false,
        actor: String = "unknown"
    ) {
        self.allowUnsigned = allowUnsigned
        self.inHost = inHost
        self.allowDowngrade = allowDowngrade
        self.actor = actor
    }
}
