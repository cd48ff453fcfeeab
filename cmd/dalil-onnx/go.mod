module dalil/cmd/dalil-onnx

go 1.26.0

replace dalil => ../..

require (
	dalil v0.0.0-00010101000000-000000000000
	github.com/alecthomas/kong v1.17.0
	github.com/ebitengine/purego v0.11.3
	pgregory.net/rapid v1.3.0
)

require golang.org/x/text v0.43.0 // indirect
