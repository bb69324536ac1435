internal import Logging
package import TenonModel
internal import TenonStore

/// The values that secrets had until they were replaced or removed: whoever was given one may still answer with
/// it, also after a restart of the host.
extension ProjectSecrets {
    /// A value that is kept; nil: the key is missing.
    typealias Kept = (row: SecretRow, value: String?)

    /// Removes those that were replaced too long ago.
    package func pruneReplaced() throws(TenonError) {
        let horizon = deployments.time.now() + (.zero - SecretRules.replacedAge)
        let count = try store.write { try ReplacedSecretTable.remove(before: horizon, in: $0) }
        if count > 0 { forgetOpened() }
    }

    /// What to keep when `secret` gets another value, or none.
    func kept(
        _ replaced: [SecretRow], adding secret: SecretRow, now: Timestamp, newValue: String?
    ) -> [SecretRow] {
        var secret = secret
        secret.updatedAt = now
        let current = newValue.map { [secret.name: $0] } ?? [:]
        return kept([secret] + replaced, at: now, besides: current).map(\.row)
    }

    /// Of values that were replaced, the newest first: those worth keeping. Each once and none that its secret
    /// has again, no more than so many, and none that was sealed with another key, as it cannot be opened and
    /// no connector that runs was given it.
    func kept(_ rows: [SecretRow], at now: Timestamp, besides current: [String: String]) -> [Kept] {
        var kept: [Kept] = []
        var seen = Set(current.map { [$0.key, $0.value] })
        var byteCount = 0
        for var row in rows {
            var value: String?
            do throws(TenonError) {
                let opened = try opened(row)
                guard seen.insert([row.name, opened]).inserted else { continue }
                value = opened
            } catch  where error.code == .secretsUnreadable {
                deployments.logger.warning(
                    "a value that a secret had before is dropped, as it cannot be opened with this key",
                    metadata: ["project.id": "\(row.project)", "secret.name": "\(row.name)"])
                continue
            } catch {
                // Without the key there is no telling; it may come back.
            }
            byteCount += row.value.count
            let isFit = kept.count < SecretRules.replacedPerProject && byteCount <= SecretRules.replacedBytes
            guard isFit || kept.isEmpty else { break }
            // The order stays and nothing is from the future, whatever the clock has done.
            let latest = kept.last.map { $0.row.updatedAt + .microseconds(-1) } ?? now
            row.updatedAt = min(row.updatedAt, latest)
            kept.append((row, value))
        }
        return kept
    }
}
