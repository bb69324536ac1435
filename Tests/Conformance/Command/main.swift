internal import Foundation
internal import TenonConformance

// Judges every suite whose cases stand in a folder and prints counts and misses.
let usage = """
    usage: tenon-conformance DATA [COMMON]
      DATA    a folder with the suites' folders (cel, cron, json-parsing, json-schema, semver), or one of these
      COMMON  where json-schema/remotes stands, if not in DATA; cases are read from DATA alone
    """
let arguments = Array(CommandLine.arguments.dropFirst())
guard (1...2).contains(arguments.count), !arguments[0].hasPrefix("-") else {
    print(usage)
    exit(2)
}
var isFolder: ObjCBool = false
guard FileManager.default.fileExists(atPath: arguments[0], isDirectory: &isFolder), isFolder.boolValue else {
    print("\(arguments[0]) is not a folder")
    exit(2)
}
let report = ConformanceReport.make(of: arguments[0], common: arguments.count > 1 ? arguments[1] : nil)
print(report.text)
exit(report.isGood ? 0 : 1)
