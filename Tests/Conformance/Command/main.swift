internal import TenonConformance

for suite in ConformanceSuites.all { print(suite.folder) }
