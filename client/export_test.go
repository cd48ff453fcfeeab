package client

// Repeats reports whether Dial lets gRPC repeat a method.
func Repeats(service, method string) bool {
	methods, known := reads[service]
	for _, m := range methods {
		if m == method {
			return true
		}
	}
	return known && len(methods) == 0
}
