/// What a graph does: the rows of the table in Sources/TenonDocs/Workflows/graphs.md.
///
/// A graph lists its steps: `A@0` is a step of order 0; `<X,Y` its dependencies; `?X:Y` makes it a condition
/// with these true and false steps (`-`: none); `!failure` its runIf; `~` continueOnError; `off` not enabled;
/// `dag` the mode. Given are the steps that fail (`B fails`) and the conditions that do not hold (`C false`).
/// Ran: steps that begin together are joined by `+`.
struct GraphCase {
    var rule: String
    var graph: String
    var given: String
    var ran: String
    var skipped: String
    var outcome: String

    init(
        _ rule: String, _ graph: String, _ given: String, _ ran: String, _ skipped: String, _ outcome: String
    ) {
        self.rule = rule
        self.graph = graph
        self.given = given
        self.ran = ran
        self.skipped = skipped
        self.outcome = outcome
    }

    static let table: [GraphCase] = [
        // Order
        GraphCase("order is a sequence", "A@0 B@1 C@2", "", "A B C", "", "completed"),
        GraphCase("the list's order does not matter", "C@2 A@0 B@1", "", "A B C", "", "completed"),
        GraphCase("equal order runs in parallel", "A@0 B@1 C@1 D@2", "", "A B+C D", "", "completed"),
        GraphCase("gaps in the order mean nothing", "A@-5 B@7 C@100", "", "A B C", "", "completed"),
        GraphCase("a failure ends a sequence", "A@0 B@1 C@2", "B fails", "A B", "C", "failed"),
        GraphCase("running siblings of a failed step finish", "A@0 B@0 C@1", "A fails", "A+B", "C", "failed"),
        GraphCase("continueOnError lets the order go on", "A@0~ B@1", "A fails", "A B", "", "completed"),
        GraphCase(
            "a disabled step is as if it were not there", "A@0 B@1,off C@2", "", "A C", "B", "completed"),
        // Dependencies
        GraphCase("a diamond", "A@0 B@1<A C@1<A D@2<B,C", "", "A B+C D", "", "completed"),
        GraphCase(
            "a step with dependencies does not wait for lower orders", "A@0 B@0 C@5<A", "", "A+B C", "",
            "completed"),
        GraphCase(
            "a step without dependencies waits for all lower orders", "A@0 B@1<A C@2", "", "A B C", "",
            "completed"),
        GraphCase("a dependency may have a higher order", "A@5 B@9<A", "", "A B", "", "completed"),
        GraphCase("a failed dependency skips", "A@0 B@0 C@1<A D@1<B", "A fails", "A+B", "C D", "failed"),
        GraphCase("continueOnError counts as taken", "A@0~ B@1<A", "A fails", "A B", "", "completed"),
        GraphCase("a dependency on a disabled step is dropped", "A@0,off B@1<A", "", "B", "A", "completed"),
        GraphCase("dag: no barriers", "dag A@0 B@1 C@2<A", "", "A+B C", "", "completed"),
        GraphCase(
            "dag: a long branch does not hold the other", "dag A@0 B@0<A C@0<B D@0", "", "A+D B C", "",
            "completed"),
        // Conditions
        GraphCase("true runs the true step", "A@0 C@1?T:F T@2 F@2", "", "A C T", "F", "completed"),
        GraphCase("false runs the false step", "A@0 C@1?T:F T@2 F@2", "C false", "A C F", "T", "completed"),
        GraphCase("a join after a branch runs", "C@0?T:F T@1 F@1 J@2", "", "C T J", "F", "completed"),
        GraphCase(
            "a join that depends on both branches runs", "C@0?T:F T@1 F@1 J@2<T,F", "C false", "C F J", "T",
            "completed"),
        GraphCase("a gate is not a jump", "C@0?Z:- A@1 Z@2", "", "C A Z", "", "completed"),
        GraphCase(
            "steps that no condition names keep their place", "C@0?T:F A@1 T@2 F@3 B@4", "", "C A T B", "F",
            "completed"),
        GraphCase(
            "true without a true step goes on in order", "C@0?-:F A@1 F@2 B@3", "", "C A B", "F",
            "completed"),
        GraphCase(
            "false without a false step skips the rest", "A@0 C@1?T:- T@2 B@3", "C false", "A C", "T B",
            "completed"),
        GraphCase("an unknown true step goes on in order", "C@0?nobody:- A@1", "", "C A", "", "completed"),
        GraphCase(
            "an unknown false step skips the rest", "C@0?A:nobody A@1 B@2", "C false", "C", "A B", "completed"
        ),
        GraphCase(
            "skipping the rest leaves other branches alone", "A@0 C@1<A?-:- B@2<C X@1<A Y@2<X", "C false",
            "A C X Y", "B", "completed"),
        GraphCase(
            "skipped steps skip what depends only on them", "C@0?T:F T@1 F@1 U@2<T V@3<U", "C false", "C F",
            "T U V", "completed"),
        GraphCase(
            "one taken gate is enough", "C@0?T:F D@1?T:F T@2 F@3", "D false", "C D T F", "", "completed"),
        GraphCase(
            "the rest is skipped even where a gate was taken", "C@0?T:- D@0?T:- T@1", "D false", "C D", "T",
            "completed"),
        GraphCase(
            "nested conditions", "C@0?D:F D@1?T:U F@1 T@2 U@2 J@3<T,U,F", "D false", "C D U J", "F T",
            "completed"),
        GraphCase(
            "a gate of a skipped condition is not taken", "C@0?D:F D@1?T:U F@1 T@2 U@2 J@3", "C false",
            "C F J", "D T U", "completed"),
        GraphCase("a condition that fails is a failure", "C@0?T:F T@1 F@1", "C fails", "C", "T F", "failed"),
        GraphCase(
            "a dependency on a condition is taken whichever way it went", "C@0?T:F T@1 F@1 X@2<C", "C false",
            "C X+F", "T", "completed"),
        // runIf
        GraphCase(
            "runIf failure runs after a failure", "A@0 B@1 R@2!failure", "A fails", "A R", "B", "failed"),
        GraphCase(
            "runIf failure is skipped where nothing failed", "A@0 R@1!failure B@2", "", "A B", "R",
            "completed"),
        GraphCase(
            "runIf failure looks at the dependencies", "A@0~ B@0 R@1<B!failure S@1<A!failure", "A fails",
            "A+B S", "R", "completed"),
        GraphCase(
            "runIf always runs after a failure", "A@0 B@1 R@2!always", "B fails", "A B R", "", "failed"),
        GraphCase(
            "runIf always runs after the rest was skipped", "C@0?-:- A@1 R@2!always", "C false", "C R", "A",
            "completed"),
        GraphCase("runIf success is the default", "A@0 B@1!success C@2", "A fails", "A", "B C", "failed"),
        GraphCase(
            "runIf with an expression that holds", "A@0 B@1!{context.yes} C@2", "", "A B C", "", "completed"),
        GraphCase(
            "runIf with an expression that does not hold", "A@0 B@1!{context.no} C@2", "", "A C", "B",
            "completed"),
        GraphCase(
            "an expression overrides gates and failures", "A@0 B@1!{execution.hasFailed} C@2", "A fails",
            "A B", "C", "failed"),
    ]
}
