// The cell: loads one connector and serves calls to it until the host goes away. No Foundation here.
CellProgram.run()
