// `import Descent` gives every room of the library.
@_exported import DescentDatasets
@_exported import DescentLinearAlgebra
@_exported import DescentModels
@_exported import DescentOptimization
@_exported import DescentReports
