/// Finds steps by what people write for them.
struct StepNames: Sendable {
    private var byID: [String: Int] = [:]
    private var byName: [String: Int] = [:]
    private var bySlug: [String: Int] = [:]

    init(_ steps: [StepDefinition]) {
        for (index, step) in steps.enumerated() {
            byID[step.id] = byID[step.id] ?? index
            byName[step.name] = byName[step.name] ?? index
            for slug in [StepSlug.of(step.name), StepSlug.of(step.id)] {
                bySlug[slug] = bySlug[slug] ?? index
            }
        }
    }

    /// By id, else by name, both exact.
    func exact(_ text: String) -> Int? { byID[text] ?? byName[text] }

    /// By id, name, slug, or any of them in other case.
    func lenient(_ text: String) -> Int? { exact(text) ?? bySlug[text] ?? bySlug[StepSlug.of(text)] }
}
