/// Unicode's scripts by their names.
enum UnicodeScripts {
    static func set(named name: String) -> ScalarSet? { nil }
}
