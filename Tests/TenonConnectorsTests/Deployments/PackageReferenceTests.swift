import TenonConnectors
import TenonVersion
import Testing

struct PackageReferenceTests {
    @Test(arguments: [
        ("http", "http", "latest"), ("http@^1.2", "http", "^1.2"), ("http@>=1.0 <2", "http", ">=1.0 <2"),
        ("http@^1.2 || 2.x", "http", "^1.2 || 2.x"), ("http@1.2 - 1.4", "http", "1.2 - 1.4"),
        ("http@1.2.3-rc.1", "http", "1.2.3-rc.1"), ("http@latest", "http", "latest"),
    ])
    func `a package is named with any range of npm's`(text: String, name: String, range: String) {
        let reference = PackageReference(text)
        #expect(reference?.name == name)
        #expect(reference?.range.description == range)
    }

    @Test(arguments: ["", "@1.0", "http@", "http@ ^", "http@1.2.3.4", "http@>=x.y", "http@^1.2 |"])
    func `what names no package or no range is refused`(text: String) {
        #expect(PackageReference(text) == nil)
    }
}
