/// Every suite that Tenon is held against.
package enum ConformanceSuites {
    package static let all: [any ConformanceSuite.Type] = [
        CELSuite.self, CronSuite.self, JSONParsingSuite.self, JSONSchemaSuite.self, SemverSuite.self,
    ]
}
