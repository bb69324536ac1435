internal import TenonModel
internal import TenonStore

/// The state service of one instance (`tenon.state/1`), kept in the store. The instance's id separates it
/// from all others,
/// whatever it is called.
struct InstanceState: StateStorage {
    private static let maxKeys = 1000
    private static let maxKeyBytes = 128
    private static let maxValueBytes = 65_536

    let store: Store
    let id: InstanceID

    func get(instance: String, key: String) throws(CallFailure) -> [UInt8]? {
        do {
            return try store.read { try StateTable.get(id, key, in: $0) }
        } catch {
            throw failure(error)
        }
    }

    func put(instance: String, key: String, value: [UInt8]) throws(CallFailure) {
        guard !key.isEmpty, key.utf8.count <= Self.maxKeyBytes else {
            throw CallFailure(
                .invalidArgument, "a state key has 1 to \(Self.maxKeyBytes) bytes", effect: .notApplied)
        }
        guard value.count <= Self.maxValueBytes else {
            throw CallFailure(
                .invalidArgument, "a state value has at most \(Self.maxValueBytes) bytes", effect: .notApplied
            )
        }
        let isStored: Bool
        do {
            isStored = try store.write { database in
                let isNew = try StateTable.get(id, key, in: database) == nil
                guard try !isNew || StateTable.count(of: id, in: database) < Self.maxKeys else {
                    return false
                }
                try StateTable.put(id, key, value, in: database)
                return true
            }
        } catch {
            throw failure(error)
        }
        guard isStored else {
            throw CallFailure(
                .resourceExhausted, "an instance keeps at most \(Self.maxKeys) state values",
                effect: .notApplied)
        }
    }

    func remove(instance: String, key: String) throws(CallFailure) {
        do {
            try store.write { try StateTable.remove(id, key, in: $0) }
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: TenonError) -> CallFailure { CallFailure(.unavailable, error.message) }
}
