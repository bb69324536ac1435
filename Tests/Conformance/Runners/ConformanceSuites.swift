/// Every suite that Tenon is held against.
package enum ConformanceSuites {
    package static let all: [any ConformanceSuite.Type] = []
}
